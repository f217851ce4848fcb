/** Reads one entry of RUNTIMES. */
import * as z from "zod/mini";
import { DAY, duration, type Span } from "./duration.ts";
import { isObject, type Problems, parsedText, refusalOf, type ValidPart } from "./problems.ts";
import { quote } from "./quote.ts";
import { ARM_ID_FORMAT, type RuntimeId, runtimeId } from "./runtimeId.ts";
import { httpsHost } from "./urls.ts";

/** A span with the place that it came from; there is none where it was refused or nobody gave one. */
export interface Sourced {
  readonly place: string;
  readonly from: "entry" | "setting" | "default";
  readonly span: Span | undefined;
}

/** What the app settings say for every entry that does not say otherwise. */
export interface Inherited {
  /** Notes a problem where there is none. */
  readonly vaultUrl: () => string | undefined;
  readonly rotateEvery: Sourced;
  readonly overlap: Sourced;
  readonly validity: Sourced;
  readonly nodes: Nodes | undefined;
  readonly paused: boolean | undefined;
}

/** Whether the nodes of a runtime are looked at before and after its rotations. */
export type Nodes = "watch" | "ignore";

/** What could be read of one entry: all of it, unless a problem was noted. */
export interface RuntimeDraft {
  readonly place: string;
  readonly id: RuntimeId | undefined;
  readonly vaultUrl: string | undefined;
  readonly secretName: string | undefined;
  readonly rotateEvery: Span | undefined;
  readonly overlap: Span | undefined;
  readonly validityDays: number | undefined;
  readonly nodes: Nodes | undefined;
  readonly paused: boolean;
}

export const vaultUrl = httpsHost("https://contoso.vault.azure.net");
export const rotateEvery = duration("P30D");
/** Below it, the readers of a secret, or whoever looks at nodes, have no chance to notice that something changed. */
export const SHORTEST: Span = { text: "PT10M", ms: 600_000 };
export const overlap = duration("P2D", SHORTEST);
export const validity = duration("P60D");
export const nodes = parsedText<Nodes>('"watch" or "ignore"', (text) =>
  text === "watch" || text === "ignore" ? text : undefined,
);

const secretName = parsedText("a Key Vault secret name: 1 to 127 letters, digits and hyphens", (text) =>
  /^[0-9A-Za-z-]{1,127}$/.test(text) ? text : undefined,
);

const ENTRY = {
  id: runtimeId,
  secretName: z.optional(secretName),
  keyVaultUrl: z.optional(vaultUrl),
  rotateEvery: z.optional(rotateEvery),
  overlap: z.optional(overlap),
  validity: z.optional(validity),
  nodes: z.optional(nodes),
  paused: z.optional(z.boolean({ error: (issue) => refusalOf(issue.input, "true or false") })),
};
const ENTRY_FORMAT = `an ARM id (${ARM_ID_FORMAT}) or an object with one as its id`;

/** Reads one entry of the list of runtimes and notes everything that is wrong with it; undefined if it is none. */
export function readRuntimeEntry(
  place: string,
  entry: unknown,
  inherited: Inherited,
  problems: Problems,
): RuntimeDraft | undefined {
  if (typeof entry !== "string" && !isObject(entry)) {
    problems.add(place, refusalOf(entry, ENTRY_FORMAT));
    return undefined;
  }
  const own: ValidPart<typeof ENTRY> =
    typeof entry === "string"
      ? { id: problems.read(place, runtimeId, entry) }
      : problems.readObject(place, ENTRY, ENTRY_FORMAT, entry);
  const gives = (name: keyof typeof ENTRY) => typeof entry !== "string" && entry[name] !== undefined;
  const sourced = (name: "rotateEvery" | "overlap" | "validity"): Sourced =>
    gives(name) ? { place: `${place}.${name}`, from: "entry", span: own[name] } : inherited[name];

  const every = sourced("rotateEvery");
  const valid = sourced("validity");
  checkAgainst(every, sourced("overlap"), "shorter", problems);
  // Compared as given, not in the whole days that it is rounded up to: whether a validity is accepted should
  // be seen by comparing two settings. Rounding up can only add to the distance.
  checkAgainst(every, valid, "longer", problems);
  const validMs = valid.from === "default" ? every.span && every.span.ms * 2 : valid.span?.ms;

  const defaultSecretName = own.id && `${own.id.parent}-${own.id.name}`;
  return {
    place,
    id: own.id,
    vaultUrl: gives("keyVaultUrl") ? own.keyVaultUrl : inherited.vaultUrl(),
    secretName: gives("secretName") ? own.secretName : defaultSecretName,
    rotateEvery: every.span,
    overlap: sourced("overlap").span,
    validityDays: validMs && Math.ceil(validMs / DAY),
    nodes: gives("nodes") ? own.nodes : inherited.nodes,
    // A freeze of all is a freeze of each: an entry that says false, as in the documentation, does not lift it.
    paused: inherited.paused || own.paused || false,
  };
}

const CLOSENESS = { default: 0, setting: 1, entry: 2 };

/** Notes a span that is not shorter or longer than `every`, at whichever of the two is closer to the entry. */
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
