/** Reads one entry of RUNTIMES. */
import * as z from "zod/mini";
import { isObject, type Problems, parsedText, refusalOf, type ValidPart } from "./problems.ts";
import { ARM_ID_FORMAT, type RuntimeId, runtimeId } from "./runtimeId.ts";
import { type PatternDraft, readRuntimePattern } from "./runtimePattern.ts";
import {
  type Draft,
  type Inherited,
  type RuntimeSettings,
  readRuntimeSettings,
  SETTINGS,
} from "./runtimeSettings.ts";

/** One runtime to rotate, and the secret in which its keys are published. */
export interface RuntimeConfig extends RuntimeSettings {
  readonly id: RuntimeId;
  readonly secretName: string;
  /** True if another runtime that was found maps to the same secret. Only the one that the secret's tags name may use it. */
  readonly hasRival?: boolean;
}

/** An entry as far as it could be read. */
export type EntryDraft =
  | ({ readonly kind: "runtime"; readonly place: string } & Draft<RuntimeConfig>)
  | ({ readonly kind: "pattern"; readonly place: string } & PatternDraft);

const secretName = parsedText("a Key Vault secret name: 1 to 127 letters, digits and hyphens", (text) =>
  /^[0-9A-Za-z-]{1,127}$/.test(text) ? text : undefined,
);

const ENTRY = { id: runtimeId, secretName: z.optional(secretName), ...SETTINGS };
const ENTRY_FORMAT = `an ARM id (${ARM_ID_FORMAT}) or an object with one as its id`;

/** Adds everything that is wrong with the entry to `problems`; undefined if it is neither text nor an object. */
export function readRuntimeEntry(
  place: string,
  entry: unknown,
  inherited: Inherited,
  problems: Problems,
): EntryDraft | undefined {
  if (typeof entry !== "string" && !isObject(entry)) {
    problems.add(place, refusalOf(entry, ENTRY_FORMAT));
    return undefined;
  }
  const id = typeof entry === "string" ? entry : entry.id;
  if (typeof id === "string" && id.includes("*")) {
    return { kind: "pattern", place, ...readRuntimePattern(place, entry, inherited, problems) };
  }
  const own: ValidPart<typeof ENTRY> =
    typeof entry === "string"
      ? { id: problems.read(place, runtimeId, entry) }
      : problems.readObject(place, ENTRY, ENTRY_FORMAT, entry);
  const isNamed = typeof entry !== "string" && entry.secretName !== undefined;
  return {
    kind: "runtime",
    place,
    id: own.id,
    secretName: isNamed ? own.secretName : own.id && secretNameOf(own.id),
    ...readRuntimeSettings(place, entry, own, inherited, problems),
  };
}

/** The secret's name by default. It is valid because both parts are. */
export function secretNameOf({ parent, name }: RuntimeId): string {
  return `${parent}-${name}`;
}
