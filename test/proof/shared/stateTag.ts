/** The one place where proofs read the tags as they stand in the vault, without the production code's own reader. */
import type { KeyName } from "../../../src/services.ts";

type Tags = Readonly<Record<string, string | undefined>>;

export interface WrittenIntent {
  readonly kind: "rotate" | "kill";
  readonly key: KeyName;
  /** Fingerprint of the key's value before. */
  readonly was: string;
  readonly compromised?: boolean;
  /** When the compromise was declared, in seconds. */
  readonly since?: number;
  readonly n?: number;
  readonly note?: WrittenNote;
}

/** How many nodes were online and how many not, when (in seconds), which key died, how often one had before, what came of it. */
export type WrittenNote = readonly [
  online: number,
  offline: number,
  at: number,
  key: KeyName,
  n: number,
  finding: "proved" | "lost" | "repaired" | null,
];

export interface WrittenState {
  readonly intent?: WrittenIntent;
  /** Whether a compromise published the version. */
  readonly compromised?: boolean;
  /** How often the runtime was rotated before the rotation that published the version, up to 2. */
  readonly n?: number;
  readonly note?: WrittenNote;
}

const OURS = ["CredentialId", "ProviderAddress", "ValidityPeriodDays", "RotationState"];

export function tagsOfOthers(tags: Tags): [name: string, value: string][] {
  return Object.entries(tags).filter((tag): tag is [string, string] => !OURS.includes(tag[0]));
}

/** What the tag says; nothing where it makes no sense. */
export function stateOf(tags: Tags | undefined): WrittenState {
  try {
    return JSON.parse(tags?.RotationState ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/** Whether a part of a compromise is left to do. */
export function isOfCompromise(intent: WrittenIntent | undefined): boolean {
  return intent?.kind === "kill" || intent?.compromised === true;
}

/** The tag's text with other fingerprints. */
export function withFingerprints(text: string, other: (print: string) => string): string {
  return text.replace(
    /"(was|replaced|killed)":"([0-9a-f]+)"/g,
    (_, field, print) => `"${field}":"${other(print)}"`,
  );
}
