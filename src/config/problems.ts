/** Collects what is wrong with an input, each problem with its place, the value and what is accepted. */
import * as z from "zod/mini";
import { quote, quoteSome } from "./quote.ts";

/** The schema of one input, whose messages say what it accepts. */
export type Schema<T = unknown> = z.ZodMiniType<T>;

type Shape = Readonly<Record<string, Schema>>;
/** The properties of an object that are valid. */
export type ValidPart<S extends Shape> = { readonly [K in keyof S]?: z.output<S[K]> | undefined };

/** What a parser of text returns instead of a value. */
export class Refusal {
  readonly sentences: readonly string[];

  constructor(...sentences: string[]) {
    this.sentences = sentences;
  }
}

/** Says that a value is missing or not accepted, and what to give instead. */
export function refusalOf(value: unknown, accepted: string): string {
  return value === undefined
    ? `missing; give ${accepted}`
    : `${quote(value)} is not accepted; give ${accepted}`;
}

/** A schema of text that `parse` turns into a value, or refuses. */
export function parsedText<T>(accepted: string, parse: (text: string) => T | Refusal | undefined): Schema<T> {
  return z.pipe(
    z.string({ error: (issue) => refusalOf(issue.input, accepted) }),
    z.transform((text, context) => {
      const result = parse(text);
      if (result !== undefined && !(result instanceof Refusal)) return result;
      const sentences = result instanceof Refusal ? result.sentences : [refusalOf(text, accepted)];
      for (const message of sentences) context.issues.push({ code: "custom", input: text, message });
      return z.NEVER;
    }),
  );
}

/** A list of problems, each of them once. */
export class Problems {
  readonly #list = new Set<string>();

  /** In the order in which they were added. */
  get list(): readonly string[] {
    return [...this.#list];
  }

  add(place: string, sentence: string): void {
    this.#list.add(`${place}: ${sentence}`);
  }

  /** The value in its final form, or undefined after adding why there is none. */
  read<T>(place: string, schema: Schema<T>, value: unknown): T | undefined {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const { path, message } of result.error.issues) {
      const within = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`));
      this.add(place + within.join(""), message);
    }
    return undefined;
  }

  /**
   * The valid properties of an object, after adding what is wrong with the others, so that checks between properties can
   * still add their problems to the same list.
   */
  readObject<S extends Shape>(place: string, shape: S, accepted: string, value: unknown): ValidPart<S> {
    const known = Object.keys(shape).join(", ");
    const error = (issue: { code?: string; keys?: readonly string[]; input?: unknown }) =>
      issue.code === "unrecognized_keys"
        ? `unknown property ${quoteSome(issue.keys ?? [])}; known properties are ${known}`
        : refusalOf(issue.input, accepted);
    this.read(place, z.strictObject(shape, { error }), value);

    const valid: Record<string, unknown> = {};
    if (!isObject(value)) return valid as ValidPart<S>;
    for (const [property, schema] of Object.entries(shape)) {
      const result = schema.safeParse(value[property]);
      if (result.success && result.data !== undefined) valid[property] = result.data;
    }
    return valid as ValidPart<S>;
  }
}

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
