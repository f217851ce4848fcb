import type { Runtime as AzureRuntime, DataFactoryState } from "../../../local/azure/model/dataFactory.ts";
import type { SecretVersion, Vault } from "../../../local/azure/model/keyVault.ts";
import type { RuntimeConfig } from "../../../src/config/runtimeEntry.ts";
import { KEY_NAMES, type KeyName } from "../../../src/services.ts";
import { isOurs, latestOf, type Sides } from "./sides.ts";
import { isOfCompromise, stateOf, type WrittenIntent } from "./stateTag.ts";

/** Who changed something: somebody, a run that has yet to publish what it minted, the second half of a compromise. */
export type By = "hand" | "rotation" | "second half";

/** One value that a key has or had. Times in milliseconds since 1970. */
export interface ValueLife {
  /** What a trace calls it, for the value itself is never shown. */
  readonly name: string;
  readonly mintedBy: "creation" | By;
  readonly bornAt: number;
  everNamed: boolean;
  /** When the vault ceased to name it; undefined while it does, and where it never did. */
  supersededAt: number | undefined;
  diedAt: number | undefined;
  /** Undefined while it lives. */
  killedBy: "hand" | "rotation" | "compromise" | undefined;
  /** Somebody was at work between: what becomes of it is no run's fault. */
  excused: boolean;
}

/** One runtime and its secret as the local Azure's model holds them, and the record of what became of every value. */
export class RuntimeRecord implements Sides {
  readonly config: RuntimeConfig;
  readonly values = new Map<string, ValueLife>();
  /** Compromise calls that are at work. */
  calls = 0;
  /** When a compromise was declared that is not over, by the vault and by the calls. */
  declaredAt: number | undefined;
  readonly #dataFactory: DataFactoryState;
  readonly #vault: Vault;
  #lastSeen: AzureRuntime | undefined;
  #live: Readonly<Record<KeyName, string>>;
  #named: string | undefined;

  constructor(config: RuntimeConfig, dataFactory: DataFactoryState, vault: Vault) {
    this.config = config;
    this.#dataFactory = dataFactory;
    this.#vault = vault;
    this.#live = this.live;
    for (const key of KEY_NAMES) this.#mint(key, "creation", 0);
    this.#named = this.named;
    const seen = this.versions.map(({ value, created }) => ({ life: this.values.get(value), created }));
    for (const [index, { life }] of seen.entries()) {
      if (life === undefined) continue;
      life.everNamed = true;
      const next = seen[index + 1];
      life.supersededAt = next && next.created * 1000;
    }
  }

  get live(): Readonly<Record<KeyName, string>> {
    const { authKey1, authKey2 } = this.#runtime.keys;
    return { authKey1: authKey1.at(-1)!.value, authKey2: authKey2.at(-1)!.value };
  }

  get versions(): readonly SecretVersion[] {
    return this.#secret?.versions ?? [];
  }

  /** Whether the runtime itself is deleted. */
  get isGone(): boolean {
    return this.#dataFactory.runtimes[this.config.id.key] === undefined;
  }

  get isDeleted(): boolean {
    return this.#secret?.deletedAt !== undefined;
  }

  /** The latest version, enabled or not; undefined where there is none or the secret is deleted. */
  get latest(): SecretVersion | undefined {
    return latestOf(this);
  }

  /** The value that whoever reads the secret gets now. */
  get named(): string | undefined {
    return this.latest?.enabled ? this.latest.value : undefined;
  }

  get intent(): WrittenIntent | undefined {
    const version = this.versions.at(-1);
    return version && isOurs(this, version) ? stateOf(version.tags).intent : undefined;
  }

  get lives(): readonly ValueLife[] {
    return Object.values(this.live).map((value) => this.values.get(value)!);
  }

  /** Whether its rotations are to note nodes. */
  get hasWatchedNodes(): boolean {
    return this.config.nodes === "watch" && this.#runtime.nodes.length > 0;
  }

  /** Whether the latest version is older than it may get, beyond what rounding to whole seconds may hide. */
  isDue(now: number): boolean {
    return this.latest !== undefined && now - this.latest.created * 1000 > this.config.rotateEvery.ms + 2000;
  }

  /** A compromise call begins. */
  declare(now: number): void {
    this.calls += 1;
    this.declaredAt ??= now;
  }

  /** Brings the record up to date after whatever has happened. */
  settle(now: number, by: By, excused = false): void {
    const before = this.#live;
    this.#live = this.live;
    for (const key of KEY_NAMES) {
      if (this.#live[key] === before[key]) continue;
      const dead = this.values.get(before[key])!;
      const isCompromise = this.declaredAt !== undefined && isOfCompromise(this.intent);
      dead.diedAt = now;
      dead.killedBy = by === "hand" ? "hand" : isCompromise ? "compromise" : "rotation";
      dead.excused ||= excused;
      this.#mint(key, by, now).excused = excused;
    }
    const named = this.named;
    if (named !== this.#named) {
      const [old, life] = [this.#named, named].map((value) => this.values.get(value ?? ""));
      this.#named = named;
      if (old) old.supersededAt = now;
      if (life) Object.assign(life, { everNamed: true, supersededAt: undefined });
    }
    if (this.calls === 0 && !isOfCompromise(this.intent)) this.declaredAt = undefined;
  }

  /** What a trace calls this value. */
  nameOf(value: string | undefined): string {
    const life = value === undefined ? undefined : this.values.get(value);
    if (life === undefined) return value === undefined ? "nothing" : "something that is no key";
    return life.diedAt === undefined ? life.name : `${life.name} (dead)`;
  }

  /** Both sides in words. */
  describe(): string {
    const { latest, intent, live } = this;
    const keys = `keys ${this.nameOf(live.authKey1)}, ${this.nameOf(live.authKey2)}`;
    if (latest === undefined) return `${this.isDeleted ? "the secret is deleted" : "no secret"}; ${keys}`;
    const told = intent
      ? `, intent: ${intent.kind} ${intent.key}${intent.compromised ? " (compromised)" : ""}`
      : "";
    const state = `${latest.enabled ? "" : " (disabled)"}${isOurs(this, latest) ? "" : " (not tagged as ours)"}`;
    return `the vault names ${this.nameOf(latest.value)}${state}${told}; ${keys}`;
  }

  /** While it is gone, as it was at last. */
  get #runtime() {
    this.#lastSeen = this.#dataFactory.runtimes[this.config.id.key] ?? this.#lastSeen;
    return this.#lastSeen!;
  }

  get #secret() {
    return this.#vault.secrets[this.config.secretName.toLowerCase()];
  }

  #mint(key: KeyName, mintedBy: ValueLife["mintedBy"], bornAt: number): ValueLife {
    const nth = this.#runtime.keys[key].length;
    const unknown = { supersededAt: undefined, diedAt: undefined, killedBy: undefined };
    const name = `${key} no. ${nth}`;
    const life = { ...unknown, name, mintedBy, bornAt, everNamed: false, excused: false };
    this.values.set(this.#live[key], life);
    return life;
  }
}
