import { addRuntime, type RuntimeKind, regenerateAuthKey } from "../../local/azure/model/dataFactory.ts";
import {
  addVault,
  latestVersion,
  type SecretFields,
  type SecretVersion,
  setSecret,
} from "../../local/azure/model/keyVault.ts";
import { createState } from "../../local/azure/model/state.ts";
import type { RuntimeConfig } from "../../src/config/runtimeEntry.ts";
import type { RequestKind, RunRequest } from "../../src/plan/runRequest.ts";
import type { RuntimeOutcome } from "../../src/reconcile/outcome.ts";
import { Pace } from "../../src/reconcile/pace.ts";
import { type RunOptions, type RunResult, reconcile } from "../../src/reconcile/reconcile.ts";
import type { KeyName, Services } from "../../src/services.ts";
import { Died, type Fault, FaultPlan } from "./faults.ts";
import { type Leases, type MemoryOperation, memoryServices } from "./memoryServices.ts";
import { configOf, idOf } from "./runtime.ts";
import { VirtualClock } from "./virtualClock.ts";

type Ask = Partial<RunRequest & Pick<RunOptions, "soakMs">> & { concurrency?: number };

/** One runtime `alpha` and its secret, in memory and in virtual time; more runtimes where a test adds them. */
export class World {
  readonly clock = new VirtualClock("2026-01-01T00:00:00Z");
  readonly state = createState();
  readonly leases: Leases = new Map();
  readonly config = configOf();
  readonly services: Services;
  /** Every call in order. */
  readonly calls: MemoryOperation[] = [];
  /** Calls by whose effect the vault came to name a dead key. */
  readonly deadAfter: MemoryOperation[] = [];
  readonly #faults = new FaultPlan();
  #died = Promise.withResolvers<undefined>();

  constructor(kind: RuntimeKind = "self-hosted") {
    const { clock, state, leases } = this;
    addVault(state.keyVault, "contoso.vault.azure.net");
    this.addRuntime("alpha", kind);
    this.services = memoryServices({ state, leases, now: () => clock.wall() }, (operation, effect) =>
      this.#around(operation, effect),
    );
  }

  addRuntime(name: string, kind: RuntimeKind = "self-hosted"): RuntimeConfig {
    addRuntime(this.state.dataFactory, idOf(name), this.clock.wall(), { kind });
    return configOf(name);
  }

  /** Moves the time forward to this moment. */
  at(time: string): this {
    this.clock.advance(Date.parse(time) - this.clock.wall());
    return this;
  }

  /** The `nth` call from now on of this operation, or of any, meets with this fault. */
  once(operation: MemoryOperation | undefined, fault: Fault, nth = 1): this {
    this.#faults.add({ operation, skip: nth - 1, fault, stays: false });
    return this;
  }

  /** Every call of this operation, or of any, meets with this fault until the test calms the world. */
  always(operation: MemoryOperation | undefined, fault: Fault): this {
    this.#faults.add({ operation, skip: 0, fault, stays: true });
    return this;
  }

  calm(): this {
    this.#faults.clear();
    return this;
  }

  /** Makes the calls of this operation take this long. */
  takes(operation: MemoryOperation, ms: number, nth = 1): this {
    return this.once(
      operation,
      async (act) => {
        this.clock.advance(ms);
        return act();
      },
      nth,
    );
  }

  /** The live value of a key. */
  value(key: KeyName): string {
    return this.state.dataFactory.runtimes[this.config.id.key]?.keys[key].at(-1)?.value ?? `no ${key}`;
  }

  /** Which key the latest version holds; undefined where it is no live one. */
  get published(): KeyName | undefined {
    const value = this.latest?.value;
    return (["authKey1", "authKey2"] as const).find((key) => this.value(key) === value);
  }

  get latest(): SecretVersion | undefined {
    return latestVersion(this.#vault, this.config.secretName);
  }

  get versions(): readonly SecretVersion[] {
    return this.#vault.secrets[this.config.secretName]?.versions ?? [];
  }

  /** Which versions are enabled, oldest first. */
  get enabled(): readonly boolean[] {
    return this.versions.map((version) => version.enabled);
  }

  /** The parsed state tag of the latest version. */
  get rotationState(): unknown {
    return JSON.parse(this.latest?.tags.RotationState ?? "null");
  }

  /** How often each key was regenerated since the runtime exists. */
  get regenerations(): Record<KeyName, number> {
    const keys = this.state.dataFactory.runtimes[this.config.id.key]?.keys;
    return { authKey1: (keys?.authKey1.length ?? 1) - 1, authKey2: (keys?.authKey2.length ?? 1) - 1 };
  }

  get #vault() {
    const vault = this.state.keyVault.vaults["contoso.vault.azure.net"];
    if (vault === undefined) throw new Error("the vault is made by the constructor");
    return vault;
  }

  /** Writes a version as somebody would who is not this app. */
  store(value: string, at: string, fields: SecretFields = {}): SecretVersion {
    return setSecret(this.state.keyVault, this.#vault, this.config.secretName, value, fields, Date.parse(at));
  }

  /** A version of this app's with this key's live value; the time stays where it is if it is later. */
  publishedAt(at: string, key: KeyName = "authKey1", tags: Record<string, string> = {}): this {
    this.store(this.value(key), at, {
      tags: {
        CredentialId: key,
        ProviderAddress: this.config.id.text,
        ValidityPeriodDays: "60",
        ...tags,
      },
    });
    if (this.clock.wall() < Date.parse(at)) this.at(at);
    return this;
  }

  regenerateByHand(key: KeyName): this {
    regenerateAuthKey(this.state.dataFactory, this.config.id.text, key, this.clock.wall());
    return this;
  }

  count(operation: MemoryOperation): number {
    return this.calls.filter((call) => call === operation).length;
  }

  /** Calls that spend ARM's write budget. */
  get armWrites(): number {
    return this.count("listAuthKeys") + this.count("regenerateAuthKey");
  }

  async tick(): Promise<RuntimeOutcome> {
    return await this.ask({});
  }

  async call(kind: RequestKind = "on-demand"): Promise<RuntimeOutcome> {
    return await this.ask({ kind });
  }

  async ask(ask: Ask): Promise<RuntimeOutcome> {
    const outcome = (await this.#run(ask))?.runtimes[0];
    if (outcome === undefined) throw new Error("the run died; the test expected an answer");
    return outcome;
  }

  async run(ask: Ask): Promise<RunResult> {
    const result = await this.#run(ask);
    if (result === undefined) throw new Error("the run died; the test expected an answer");
    return result;
  }

  /** A run that a fault may end for good: nothing of it is done after, and its lease is not given back. */
  async mayDie(kind: RequestKind = "timer"): Promise<"died" | "lived"> {
    return (await this.#run({ kind })) === undefined ? "died" : "lived";
  }

  async #run(ask: Ask): Promise<RunResult | undefined> {
    this.#died = Promise.withResolvers<undefined>();
    const { clock, services } = this;
    const { concurrency = 8, soakMs = 20 * 3_600_000, ...asked } = ask;
    const kind = asked.kind ?? "timer";
    const usual = { kind, named: kind !== "timer", dryRun: false, runtimes: [this.config] };
    const request = { ...usual, ...asked };
    return await Promise.race([
      reconcile(request, services, { clock, pace: new Pace(clock, concurrency), soakMs }),
      this.#died.promise,
    ]);
  }

  async #around<T>(operation: MemoryOperation, effect: () => T): Promise<T> {
    this.calls.push(operation);
    const act = () => {
      const named = this.published;
      const result = effect();
      if (named !== undefined && this.published === undefined) this.deadAfter.push(operation);
      return result;
    };
    try {
      const fault = this.#faults.take(operation);
      return fault === undefined ? act() : await fault(act, operation);
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      this.#died.resolve(undefined);
      return await new Promise<never>(() => {});
    }
  }
}
