/** The settings that an entry can override, and how they must relate to each other. */
import * as z from "zod/mini";
import { DAY, duration, MINUTE, type Span } from "./duration.ts";
import { isObject, type Problems, parsedText, refusalOf, type ValidPart } from "./problems.ts";
import { quote } from "./quote.ts";
import { httpsHost } from "./urls.ts";

/** Whether the nodes of a runtime are looked at before and after its rotations. */
export type Nodes = "watch" | "ignore";

/** Where the keys of a runtime, or of all that a pattern finds, are published, and how often. */
export interface RuntimeSettings {
  /** `https://host`, without a trailing slash, in lower case. */
  readonly vaultUrl: string;
  readonly rotateEvery: Span;
  /** How long a superseded key stays live at least. */
  readonly overlap: Span;
  /** From publishing to expiry. */
  readonly validityDays: number;
  readonly nodes: Nodes;
  /** No scheduled rotation starts. */
  readonly paused: boolean;
}

/** Settings as far as they could be read; complete unless a problem was added. */
export type Draft<T> = { readonly [K in keyof T]: T[K] | undefined };

/** A span with the place that it came from; undefined if it was refused or nobody gave one. */
export interface Sourced {
  readonly place: string;
  readonly from: "entry" | "setting" | "default";
  readonly span: Span | undefined;
}

/** What applies to every entry that does not override it: the app settings. */
export interface Inherited {
  /** Adds a problem if no vault is configured. */
  readonly vaultUrl: () => string | undefined;
  readonly rotateEvery: Sourced;
  readonly overlap: Sourced;
  readonly validity: Sourced;
  readonly nodes: Nodes | undefined;
  readonly paused: boolean | undefined;
}

export const vaultUrl = httpsHost("https://contoso.vault.azure.net");
export const rotateEvery = duration("P30D");
/** Anything shorter leaves readers of the secret, and people who watch the nodes, no time to notice a change. */
export const SHORTEST: Span = { text: "PT10M", ms: 10 * MINUTE };
export const overlap = duration("P2D", SHORTEST);
export const validity = duration("P60D");
export const nodes = parsedText<Nodes>('"watch" or "ignore"', (text) =>
  text === "watch" || text === "ignore" ? text : undefined,
);

/** The properties of an entry that are settings. */
export const SETTINGS = {
  keyVaultUrl: z.optional(vaultUrl),
  rotateEvery: z.optional(rotateEvery),
  overlap: z.optional(overlap),
  validity: z.optional(validity),
  nodes: z.optional(nodes),
  paused: z.optional(z.boolean({ error: (issue) => refusalOf(issue.input, "true or false") })),
};

/**
 * The settings of one entry, after adding a problem for each pair that does not go together.
 * @param own those of its properties that are valid
 */
export function readRuntimeSettings(
  place: string,
  entry: unknown,
  own: ValidPart<typeof SETTINGS>,
  inherited: Inherited,
  problems: Problems,
): Draft<RuntimeSettings> {
  const gives = (name: keyof typeof SETTINGS) => isObject(entry) && entry[name] !== undefined;
  const sourced = (name: "rotateEvery" | "overlap" | "validity"): Sourced =>
    gives(name) ? { place: `${place}.${name}`, from: "entry", span: own[name] } : inherited[name];

  const every = sourced("rotateEvery");
  const valid = sourced("validity");
  checkAgainst(every, sourced("overlap"), "shorter", problems);
  // Compared as configured, before rounding up to whole days, so that the two settings alone show whether they are
  // accepted. Rounding up can only widen the gap.
  checkAgainst(every, valid, "longer", problems);
  const validMs = valid.from === "default" ? every.span && every.span.ms * 2 : valid.span?.ms;

  return {
    vaultUrl: gives("keyVaultUrl") ? own.keyVaultUrl : inherited.vaultUrl(),
    rotateEvery: every.span,
    overlap: sourced("overlap").span,
    validityDays: validMs && Math.ceil(validMs / DAY),
    nodes: gives("nodes") ? own.nodes : inherited.nodes,
    // PAUSED applies to every runtime: `paused: false` in an entry, as in the documentation's example, does not lift it.
    paused: inherited.paused || own.paused || false,
  };
}

/** The settings, if nothing is missing. */
export function completeSettings(draft: Draft<RuntimeSettings>): RuntimeSettings | undefined {
  const { vaultUrl, rotateEvery, overlap, validityDays, nodes, paused } = draft;
  return vaultUrl && rotateEvery && overlap && validityDays && nodes && paused !== undefined
    ? { vaultUrl, rotateEvery, overlap, validityDays, nodes, paused }
    : undefined;
}

const CLOSENESS = { default: 0, setting: 1, entry: 2 };

/** Adds a problem if a span is not shorter (or longer) than `every`, at whichever of the two was set closer to the entry. */
function checkAgainst(
  every: Sourced,
  other: Sourced,
  relation: "shorter" | "longer",
  problems: Problems,
): void {
  if (!every.span || !other.span) return;
  const distance = every.span.ms - other.span.ms;
  if (relation === "shorter" ? distance > 0 : distance < 0) return;

  const atEvery = CLOSENESS[every.from] > CLOSENESS[other.from];
  const [blamed, against] = atEvery ? [every, other] : [other, every];
  const opposite = relation === "shorter" ? "longer" : "shorter";
  const accepted = `a duration ${atEvery ? opposite : relation} than ${against.place}, which is ${quote(against.span?.text)}`;
  problems.add(
    blamed.place,
    refusalOf(blamed.span?.text, against.from === "default" ? `${accepted} by default` : accepted),
  );
}
