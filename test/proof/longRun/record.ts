import type { DataFactoryState, Runtime } from "../../../local/azure/model/dataFactory.ts";
import type { SecretVersion, Vault } from "../../../local/azure/model/keyVault.ts";
import type { RuntimeConfig } from "../../../src/config/config.ts";
import { KEY_NAMES, type KeyName } from "../../../src/services.ts";
import { Events } from "./events.ts";
import { type By, newLife, type ValueLife } from "./values.ts";
import type { Turn } from "./world.ts";

const OUR_TAGS = ["CredentialId", "ProviderAddress", "ValidityPeriodDays", "RotationState"];

/** As the vault holds it, whoever wrote it. */
interface WrittenIntent {
  readonly kind?: string;
  readonly key?: string;
  readonly compromised?: boolean;
}

/** One runtime and its secret as the model holds them, and the record of what became of every value. */
export class RuntimeRecord {
  readonly config: RuntimeConfig;
  readonly events = new Events();
  readonly values = new Map<string, ValueLife>();
  /** Ids of versions that a person wrote. */
  readonly handVersions = new Set<string>();
  /** Outside acts so far; and those among them that changed the secret. */
  acts = 0;
  secretActs = 0;
  /** Effects of runs' writes so far. */
  writes = 0;
  /** How often a person's act took away what a run had left for the next. */
  orphanings = 0;
  /** Runs that are at work on it. */
  readonly turns = new Set<Turn>();
  readonly #dataFactory: DataFactoryState;
  readonly #vault: Vault;
  readonly #name: string;
  #live: Readonly<Record<KeyName, string>>;
  #named: string | undefined;

  constructor(config: RuntimeConfig, dataFactory: DataFactoryState, vault: Vault) {
    this.config = config;
    this.#dataFactory = dataFactory;
    this.#vault = vault;
    this.#name = config.secretName.toLowerCase();
    this.#live = this.live;
    for (const key of KEY_NAMES) this.#mint(this.#live[key], "creation", 0);
  }

  get live(): Readonly<Record<KeyName, string>> {
    const { authKey1, authKey2 } = this.#runtime.keys;
    return { authKey1: authKey1.at(-1)!.value, authKey2: authKey2.at(-1)!.value };
  }

  /** The latest version, enabled or not; undefined where there is none or the secret is deleted. */
  get latest(): SecretVersion | undefined {
    const secret = this.#vault.secrets[this.#name];
    return secret?.deletedAt === undefined ? secret?.versions.at(-1) : undefined;
  }

  get versions(): readonly SecretVersion[] {
    return this.#vault.secrets[this.#name]?.versions ?? [];
  }

  get isDeleted(): boolean {
    return this.#vault.secrets[this.#name]?.deletedAt !== undefined;
  }

  /** The value that whoever reads the secret gets now. */
  get named(): string | undefined {
    const latest = this.latest;
    return latest?.enabled ? latest.value : undefined;
  }

  isLive(value: string | undefined): boolean {
    const { authKey1, authKey2 } = this.live;
    return value === authKey1 || value === authKey2;
  }

  /** Which key a regenerate has just changed. */
  keyChangedSince(before: Readonly<Record<KeyName, string>>): KeyName {
    return this.live.authKey1 === before.authKey1 ? "authKey2" : "authKey1";
  }

  /** Lives of the two values that a node can register with. */
  get lives(): readonly ValueLife[] {
    const live = this.live;
    return KEY_NAMES.map((key) => this.values.get(live[key])!);
  }

  get condemned(): readonly ValueLife[] {
    return this.lives.filter(({ condemned }) => condemned);
  }

  /** CONTRACT §6: holds no live key, does not name this runtime, and its value does not begin as its keys do. */
  isForeign({ value, tags }: SecretVersion): boolean {
    return (
      !this.isLive(value) &&
      tags.ProviderAddress?.toLowerCase() !== this.config.id.key &&
      !value.startsWith(`IR@${this.#runtime.guid}@`)
    );
  }

  isOurs({ tags }: SecretVersion): boolean {
    return tags.ProviderAddress?.toLowerCase() === this.config.id.key;
  }

  intentOf(version: SecretVersion | undefined): WrittenIntent | undefined {
    return this.#stateOf(version)?.intent;
  }

  /** Whether a version says that a compromise published it, or is to revoke what it leaves. */
  isByCompromise(version: SecretVersion | undefined): boolean {
    const state = this.#stateOf(version);
    return state?.compromised === true || state?.intent?.kind === "kill";
  }

  #stateOf(
    version: SecretVersion | undefined,
  ): { intent?: WrittenIntent; compromised?: boolean } | undefined {
    if (version === undefined || !this.isOurs(version)) return undefined;
    try {
      return JSON.parse(version.tags.RotationState ?? "{}");
    } catch {
      return undefined;
    }
  }

  foreignTags(tags: Readonly<Record<string, string>>): [name: string, value: string][] {
    return Object.entries(tags).filter(([name]) => !OUR_TAGS.includes(name));
  }

  /** Brings the record up to date after whatever has happened. */
  settle(now: number, by: By, overtaken = false): void {
    const live = this.live;
    for (const key of KEY_NAMES) {
      const before = this.#live[key];
      if (live[key] === before) continue;
      const dead = this.values.get(before)!;
      dead.diedAt = now;
      dead.killedBy = by === "hand" ? "hand" : dead.surrendered ? "compromise" : "rotation";
      dead.overtaken = overtaken;
      // Where a person has removed the intent meanwhile, nobody will know of the new value.
      this.#mint(live[key], by, now).orphaned = overtaken;
    }
    this.#live = live;
    const named = this.named;
    if (named === this.#named) return;
    const old = this.#named === undefined ? undefined : this.values.get(this.#named);
    if (old) old.supersededAt = now;
    const life = named === undefined ? undefined : this.values.get(named);
    if (life) {
      life.everNamed = true;
      life.supersededAt = undefined;
    }
    this.#named = named;
  }

  /** What a trace calls this value. */
  letter(value: string | undefined): string {
    if (value === undefined) return "nothing";
    const life = this.values.get(value);
    if (life === undefined) return "something that is no key";
    return life.diedAt === undefined ? life.letter : `${life.letter} (dead)`;
  }

  /** The vault's side in words. */
  describeSecret(): string {
    if (this.isDeleted) return "the secret is deleted";
    const latest = this.latest;
    if (latest === undefined) return "there is no secret";
    const intent = this.intentOf(latest);
    const parts = [`${latest.enabled ? "" : "disabled, "}names ${this.letter(latest.value)}`];
    if (!this.isOurs(latest)) parts.push("not tagged as ours");
    if (intent) parts.push(`intent: ${intent.kind} ${intent.key}`);
    return parts.join(", ");
  }

  describeKeys(): string {
    const { authKey1, authKey2 } = this.live;
    return `authKey1 ${this.letter(authKey1)}, authKey2 ${this.letter(authKey2)}`;
  }

  get #runtime(): Runtime {
    return this.#dataFactory.runtimes[this.config.id.key]!;
  }

  #mint(value: string, by: By, now: number): ValueLife {
    const life = newLife(this.values.size, by, now);
    this.values.set(value, life);
    return life;
  }
}
