import type { SecretVersion } from "../../../local/azure/model/keyVault.ts";
import type { KeyName } from "../../../src/services.ts";
import type { MemoryOperation } from "../../support/memoryServices.ts";
import type { RequestKind } from "../shared/run.ts";
import { tagsOfOthers } from "../shared/stateTag.ts";
import type { Pending } from "./execution.ts";
import { intentOf, isForeign, namesDeadKey, regeneratedKey } from "./reading.ts";
import { type App, config, DAY, type Excuse, isLive, latestOf, OVERLAP, type World } from "./world.ts";

/** What the promises need to know of one run. */
export interface Ghost {
  readonly request: RequestKind;
  readonly app: App;
  /** Live values that a compromise call, as it took the lease, declared known to others. */
  readonly declared: readonly string[];
  /** Whether the vault has taken a write of this run. */
  readonly wrote: boolean;
  /** Whether a version that this run wrote held a dead value as it was written. */
  readonly wroteDead: boolean;
  readonly regenerated: readonly KeyName[];
  /** Whether no other run was alive while it was. */
  readonly alone: boolean;
}

/** Of a run that has done nothing yet. */
export const UNTOUCHED = {
  declared: [],
  wrote: false,
  wroteDead: false,
  regenerated: [],
  alone: true,
} as const;

/** A broken promise, in a sentence. `excuse` is the outside act that would excuse it, by the promise's number. */
export class Violation {
  readonly promise: number;
  readonly text: string;

  constructor(promise: number, text: string) {
    this.promise = promise;
    this.text = `promise ${promise}: ${text}`;
  }
}

/** Checks the effect of one call of a run. `late`: it came after its run had given up on it. */
export function checkEffect(...effect: Parameters<typeof broken>): Violation | undefined {
  const [, after] = effect;
  for (const violation of broken(...effect)) {
    if (!after.excuses.includes(violation.promise as Excuse)) return violation;
  }
  return undefined;
}

function* broken(
  before: World,
  after: World,
  ghost: Ghost,
  slot: number,
  operation: MemoryOperation,
  late: boolean,
): Generator<Violation> {
  const writes = ["setTags", "addVersion", "disable", "regenerateAuthKey"].includes(operation);
  if (!writes) return;
  const lease = before.leases[ghost.app];
  if (!late && (lease?.slot !== slot || lease.until <= before.now)) {
    yield new Violation(6, `${operation} without holding the lease`);
  }
  const key = regeneratedKey(before, after);
  if (key !== undefined) yield* brokenByRegenerate(before, ghost, key);
  if (before.versions !== after.versions) yield* brokenInVault(before, after, operation, late);
  if (!namesDeadKey(before) && namesDeadKey(after)) {
    yield new Violation(1, `${operation} makes the vault name a dead key`);
  }
}

function* brokenByRegenerate(before: World, ghost: Ghost, key: KeyName): Generator<Violation> {
  const killed = before.keys[key];
  const latest = latestOf(before);
  if (latest?.value === killed) yield new Violation(1, `${key} is regenerated although the vault names it`);
  const owed = before.surrendered.includes(killed) || ghost.declared.includes(killed);
  const supersededAt = before.superseded[killed];
  if (supersededAt !== undefined && !owed && before.now - supersededAt < OVERLAP) {
    const age = before.now - supersededAt;
    yield new Violation(2, `${key} is regenerated ${age} ms after the vault ceased to name it`);
  }
  // The version that owes the second half of a compromise is itself the write that came before; nothing follows it.
  const intent = intentOf(latest);
  const owedByVersion = intent?.kind === "kill" && intent.key === key;
  if (!ghost.wrote && !owedByVersion)
    yield new Violation(3, `${key} is regenerated before the vault has taken a write`);
  if (before.unpublished.includes(killed) && !owed) {
    yield new Violation(4, `${key} is regenerated once more before its value was published`);
  }
  if (ghost.regenerated.includes(key)) yield new Violation(4, `one run regenerates ${key} twice`);
}

function* brokenInVault(
  before: World,
  after: World,
  operation: MemoryOperation,
  late: boolean,
): Generator<Violation> {
  const old = latestOf(before);
  const latest = latestOf(after);
  if (operation === "disable") {
    const disabled = after.versions.find(({ enabled }, index) => !enabled && before.versions[index]?.enabled);
    if (disabled === undefined) return;
    if (disabled.id === latest?.id) yield new Violation(1, "the latest version is disabled");
    else if (isLive(after, disabled.value)) {
      yield new Violation(2, "a superseded version whose value is still live is disabled");
    }
    return;
  }
  const changed = after.versions.find((version, index) => version.tags !== before.versions[index]?.tags);
  const written = operation === "addVersion" ? latest : changed;
  if (written === undefined) return;
  if (old !== undefined && isForeign(old)) yield new Violation(8, "a secret that is not ours is written");
  if (operation === "addVersion") yield* brokenByPublish(after, written, old, late);
  for (const [name, value] of tagsOfOthers(old?.tags ?? {})) {
    if (written.tags[name] !== value) {
      yield new Violation(8, `the tag ${name}, which others have set, is lost`);
    }
  }
}

function* brokenByPublish(
  after: World,
  written: SecretVersion,
  old: SecretVersion | undefined,
  late: boolean,
) {
  const { value, tags, expires = 0, contentType } = written;
  if (!isLive(after, value)) {
    yield new Violation(1, "a dead value is published");
    return;
  }
  const told = tags.CredentialId as KeyName;
  if (after.keys[told] !== value)
    yield new Violation(5, `the tag CredentialId says ${told}, which it is not`);
  if (tags.ProviderAddress !== config.id.text || tags.ValidityPeriodDays !== `${config.validityDays}`) {
    yield new Violation(5, "a tag of the convention is missing or wrong");
  }
  const validity = expires * 1000 - after.now;
  if (!late && Math.abs(validity - config.validityDays * DAY) > 120_000)
    yield new Violation(5, "expiresOn is wrong");
  if (contentType !== "text/plain") yield new Violation(5, "the content type is wrong");
  if (old?.value === value && intentOf(old)?.kind === "kill" && intentOf(written) === undefined) {
    yield new Violation(5, "what is left of a compromise is forgotten");
  }
}

/** Checks what a run says of itself at its end. `undisturbed`: there was no outside act. */
export function checkEnd(
  world: World,
  ghost: Ghost,
  end: Pending,
  undisturbed: boolean,
): Violation | undefined {
  if (end.kind === "threw") return new Violation(7, `the whole run threw: ${end.message}`);
  if (end.kind !== "over") return undefined;
  if (end.reason === "bug") return new Violation(7, "an unforeseen error stopped the run");
  if (end.leak) return new Violation(9, "a key value is in what the run returns or logs");
  const done = end.outcome === "rotated" || end.outcome === "published";
  if (done && ghost.wroteDead && namesDeadKey(world) && !world.excuses.includes("verified")) {
    return new Violation(1, `the run says ${end.outcome} after it published a dead value`);
  }
  if (!undisturbed) return undefined;
  if (end.outcome === "rotated" && ghost.declared.some((value) => isLive(world, value))) {
    return new Violation(2, "the compromise call says rotated, and a value that it declared still lives");
  }
  const latest = latestOf(world);
  if (ghost.alone && end.publishedKey !== undefined && latest?.value !== world.keys[end.publishedKey]) {
    return new Violation(5, `the run says ${end.publishedKey} is published, which it is not`);
  }
  return undefined;
}
