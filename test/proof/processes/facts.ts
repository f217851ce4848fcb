import type { LocalAzure } from "../../../local/azure/index.ts";
import { KEY_NAMES, type KeyName } from "../../../local/azure/model/dataFactory.ts";
import type { SecretVersion } from "../../../local/azure/model/keyVault.ts";
import { type Runtime, VAULT_HOST } from "./cast.ts";

/** What the latest version says of a run that has more to do. */
export interface Intent {
  readonly kind: "rotate" | "kill";
  readonly key: KeyName;
  readonly compromised?: boolean;
}

/** One runtime as the local Azure's own state has it. */
export class Facts {
  readonly runtime: Runtime;
  readonly #azure: LocalAzure;

  constructor(azure: LocalAzure, runtime: Runtime) {
    this.#azure = azure;
    this.runtime = runtime;
  }

  /** The services' time, in milliseconds since 1970. */
  get now(): number {
    return this.#azure.clock.now();
  }

  /** The live value of each key. */
  get live(): Record<KeyName, string> {
    return this.#azure.liveKeys(this.runtime.id);
  }

  isLive(value: string): boolean {
    return Object.values(this.live).includes(value);
  }

  /** In the order of writing. */
  get versions(): readonly SecretVersion[] {
    return this.#azure.state.keyVault.vaults[VAULT_HOST]?.secrets[this.runtime.secretName]?.versions ?? [];
  }

  get latest(): SecretVersion | undefined {
    return this.versions.at(-1);
  }

  get intent(): Intent | undefined {
    const text = this.latest?.tags.RotationState;
    return text === undefined ? undefined : (JSON.parse(text) as { intent?: Intent }).intent;
  }

  /** Whether a compromise has begun that is not over. */
  get owesCompromise(): boolean {
    return this.intent?.kind === "kill" || this.intent?.compromised === true;
  }

  /** Whether the published key is older than it should get. */
  get isDue(): boolean {
    const { latest, runtime, now } = this;
    // The app takes a second off each age.
    return latest !== undefined && now - latest.created * 1000 - 2000 > runtime.rotateEvery;
  }

  /** All values that its keys ever had. */
  get values(): readonly string[] {
    return KEY_NAMES.flatMap((key) => this.#lives(key));
  }

  /** A value's name, because the value itself is never shown: which key had it, and as its how many-th value. */
  nameOf(value: string | undefined): string {
    for (const key of KEY_NAMES) {
      const index = value === undefined ? -1 : this.#lives(key).indexOf(value);
      if (index >= 0) return `${key} no. ${index + 1}`;
    }
    return "a value of no key";
  }

  #lives(key: KeyName): string[] {
    const runtime = this.#azure.state.dataFactory.runtimes[this.runtime.id.toLowerCase()];
    return (runtime?.keys[key] ?? []).map(({ value }) => value);
  }
}
