import { addRuntime, liveKeys } from "../../local/azure/model/dataFactory.ts";
import { addVault, latestVersion } from "../../local/azure/model/keyVault.ts";
import type { Node } from "../../local/azure/model/node.ts";
import { giveKey, listNodes, registerNode } from "../../local/azure/model/nodes.ts";
import { createState } from "../../local/azure/model/state.ts";
import type { RuntimeConfig } from "../../src/config/runtimeEntry.ts";
import type { RequestKind, RunRequest } from "../../src/plan/runRequest.ts";
import type { RuntimeOutcome } from "../../src/reconcile/outcome.ts";
import { Pace } from "../../src/reconcile/pace.ts";
import { type RunResult, reconcile } from "../../src/reconcile/reconcile.ts";
import type { Services } from "../../src/services.ts";
import { type Around, type Leases, type MemoryOperation, memoryServices } from "./memoryServices.ts";
import { configOf, idOf } from "./runtime.ts";
import { VirtualClock } from "./virtualClock.ts";

const VAULT = "contoso.vault.azure.net";
const DAY = 86_400_000;

/** Runtimes with nodes, ticked once a day at midnight of a calendar that begins on 2026-01-01. */
export class Fleet {
  readonly clock = new VirtualClock("2026-01-01T00:00:00Z");
  readonly state = createState();
  readonly runtimes: RuntimeConfig[] = [];
  readonly calls: MemoryOperation[] = [];
  /** Stands around every call. */
  around: Around = async (_, effect) => effect();
  readonly #leases: Leases = new Map();
  readonly #services: Services;

  constructor() {
    addVault(this.state.keyVault, VAULT);
    const now = () => this.clock.wall();
    const memory = { state: this.state, leases: this.#leases, now };
    this.#services = memoryServices(memory, (operation, ...call) => {
      this.calls.push(operation);
      return this.around(operation, ...call);
    });
  }

  /** Adds a runtime whose nodes were registered by hand with its first key, the day before. */
  add(name: string, nodes = 2, different: Partial<RuntimeConfig> = {}): RuntimeConfig {
    const config = { ...configOf(name), ...different };
    const now = this.clock.wall() - DAY;
    addRuntime(this.state.dataFactory, config.id.text, now);
    const { authKey1 } = liveKeys(this.state.dataFactory, config.id.text);
    for (let n = 1; n <= nodes; n += 1) {
      registerNode(this.state.dataFactory, config.id.text, `${name}-node-${n}`, authKey1, now);
    }
    this.runtimes.push(config);
    return config;
  }

  /** Moves to midnight of that day, counted from the first. */
  at(day: number): this {
    const target = Date.parse("2026-01-01T00:00:00Z") + day * DAY;
    this.clock.advance(target - this.clock.wall());
    return this;
  }

  get day(): number {
    return (this.clock.wall() - Date.parse("2026-01-01T00:00:00Z")) / DAY;
  }

  async tick(): Promise<RunResult> {
    return await this.run("timer", this.runtimes);
  }

  async call(name: string, kind: RequestKind = "on-demand"): Promise<RuntimeOutcome> {
    const { runtimes } = await this.run(kind, [this.#configOf(name)], { named: true });
    return runtimes[0] as RuntimeOutcome;
  }

  async run(
    kind: RequestKind,
    runtimes: readonly RuntimeConfig[],
    { named = false, dryRun = false, scopes }: Partial<RunRequest> = {},
  ): Promise<RunResult> {
    const options = {
      clock: this.clock,
      pace: new Pace(this.clock, 8),
      soakMs: 72_000_000,
      fleet: this.runtimes,
    };
    return await reconcile({ kind, runtimes, named, dryRun, scopes }, this.#services, options);
  }

  /** Ticks on each of the following days, the last one included, with whatever happens after each. */
  async ticksUntil(day: number, after: (result: RunResult) => void = () => {}): Promise<RunResult> {
    let result = await this.at(this.day + 1).tick();
    after(result);
    while (this.day < day) {
      result = await this.at(this.day + 1).tick();
      after(result);
    }
    return result;
  }

  /** Those of one runtime. */
  nodes(name: string): readonly Node[] {
    return this.state.dataFactory.runtimes[idOf(name).toLowerCase()]?.nodes ?? [];
  }

  /**
   * Gives the nodes of a runtime, or one of them, the key that the vault names, as the script on them does: one that is
   * off takes nothing, one that has it already is not restarted for it.
   */
  sync(name: string, only?: string): void {
    const value = this.published(name);
    for (const node of this.nodes(name)) {
      const isMeant = node.running && (only === undefined || node.name === only);
      if (isMeant && value !== undefined && node.key !== value) {
        giveKey(this.state.dataFactory, idOf(name), node.name, value, this.clock.wall());
      }
    }
  }

  online(name: string): number {
    const nodes = listNodes(this.state.dataFactory, idOf(name), this.clock.wall());
    return nodes.filter(({ status }) => status === "Online").length;
  }

  /** The value that the vault names. */
  published(name: string): string | undefined {
    return this.#latest(name)?.value;
  }

  stateTag(name: string): Record<string, unknown> {
    return JSON.parse(this.#latest(name)?.tags.RotationState ?? "{}");
  }

  #latest(name: string) {
    const vault = this.state.keyVault.vaults[VAULT];
    return vault && latestVersion(vault, configOf(name).secretName);
  }

  #configOf(name: string): RuntimeConfig {
    const config = this.runtimes.find(({ id }) => id.name === name);
    if (config === undefined) throw new Error(`no runtime ${name}`);
    return config;
  }
}

/** What became of each runtime, as a text for each. */
export function told({ runtimes }: RunResult): Record<string, string> {
  return Object.fromEntries(
    runtimes.map(({ config, outcome, reason }) => [config.id.name, `${outcome} ${reason}`]),
  );
}
