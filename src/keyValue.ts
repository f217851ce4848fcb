/** Holds the value of a key so that it cannot be printed by mistake. */
import { hash, timingSafeEqual } from "node:crypto";
import { inspect } from "node:util";

const REDACTED = "[redacted]";

/** Length of a fingerprint in hexadecimal digits: 64 bits, far more than a handful of values need. */
const FINGERPRINT_DIGITS = 16;

/**
 * The value of an auth key, or of a secret that may hold one. However it is printed, serialised or
 * inspected it reads `[redacted]`; only `reveal` gives the text, and only the vault adapter calls it.
 */
export class KeyValue {
  readonly #text: string;
  #sha256: Buffer | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for the one place that it may go to: the vault. */
  reveal(): string {
    return this.#text;
  }

  /** Compares in constant time, so that timing tells nothing about a stored value. */
  equals(other: KeyValue): boolean {
    return timingSafeEqual(this.#hash(), other.#hash());
  }

  /**
   * A shortened SHA-256: tells two values apart and cannot be turned back into one. Only of an auth key, whose 32
   * random bytes nobody can guess: a short hash of anything else, such as a password, would help to guess it.
   */
  fingerprint(): string {
    if (!this.isAuthKey()) throw new TypeError("only an auth key has a fingerprint");
    return this.#hash().toString("hex").slice(0, FINGERPRINT_DIGITS);
  }

  /** Auth keys begin with `IR@` (docs/azure.md); older ones share no more than that. */
  isAuthKey(): boolean {
    return this.#text.startsWith("IR@") && this.#text.length > "IR@".length;
  }

  /** Whether this value begins like `key` does: `IR@{guid}@`, which all keys of one runtime share. */
  isOfSameRuntimeAs(key: KeyValue): boolean {
    const prefix = /^IR@[^@]+@/.exec(key.#text)?.[0];
    return prefix !== undefined && this.#text.startsWith(prefix);
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }

  /** Computed once: a run compares the same value several times. */
  #hash(): Buffer {
    this.#sha256 ??= hash("sha256", this.#text, "buffer");
    return this.#sha256;
  }
}

/** Replaces whatever looks like an auth key in a text that comes from outside, such as a service's message. */
export function redactKeys(text: string): string {
  return text.replace(/IR@[^\s"',;)}\]]*/gi, REDACTED);
}
