import { addRuntime } from "../../../local/azure/model/dataFactory.ts";
import { addVault } from "../../../local/azure/model/keyVault.ts";
import type { Node } from "../../../local/azure/model/node.ts";
import { type AzureState, createState } from "../../../local/azure/model/state.ts";
import { type App, config, START, type World } from "./world.ts";

const HOST = new URL(config.vaultUrl).host;

/** The local Azure's own model, onto which a world is put for one effect. Its parts stay the same objects. */
class Stage {
  readonly state: AzureState = createState();
  now = START;
  slot = -1;
  refusesVersions = false;
  leases: Record<App, { slot: number; until: number } | undefined> = { a: undefined, b: undefined };
  readonly #runtime = addRuntime(this.state.dataFactory, config.id.text, START);
  readonly #vault = addVault(this.state.keyVault, HOST);

  constructor() {
    // Whether a node is on is all that matters here, and only acts change it.
    this.state.dataFactory.nodeWorld.keyUse = "registration";
  }

  load(world: World, slot: number): void {
    this.now = world.now;
    this.slot = slot;
    this.refusesVersions = world.refusesVersions;
    this.leases = { ...world.leases };
    const { dataFactory, keyVault } = this.state;
    dataFactory.minted = world.minted;
    keyVault.written = world.written;
    this.#runtime.keys = { authKey1: [life(world.live.authKey1)], authKey2: [life(world.live.authKey2)] };
    this.#runtime.stale =
      world.staleNext && world.keysBefore !== undefined
        ? { keys: { ...world.keysBefore }, listings: 1 }
        : undefined;
    this.#runtime.nodes = nodesOf(world.offline);
    this.#vault.secrets = {};
    if (world.versions.length > 0) {
      this.#vault.secrets[config.secretName.toLowerCase()] = {
        name: config.secretName,
        versions: world.versions.map((version) => ({ ...version })),
        deletedAt: world.isDeleted ? 0 : undefined,
      };
    }
  }

  save(world: World): World {
    const { authKey1, authKey2 } = this.#runtime.keys;
    const secret = this.#vault.secrets[config.secretName.toLowerCase()];
    const live = { authKey1: authKey1.at(-1)!.value, authKey2: authKey2.at(-1)!.value };
    const versions = secret?.versions ?? [];
    const regenerated = live.authKey1 !== world.live.authKey1 || live.authKey2 !== world.live.authKey2;
    // What did not change stays the same object, so that looking costs nothing.
    const written =
      versions.length !== world.versions.length ||
      versions.some(({ tags, enabled }, index) => {
        const before = world.versions[index];
        return tags !== before?.tags || enabled !== before.enabled;
      });
    return {
      ...world,
      live: regenerated ? live : world.live,
      minted: this.state.dataFactory.minted,
      keysBefore: regenerated ? world.live : world.keysBefore,
      staleNext: world.staleNext && this.#runtime.stale !== undefined,
      versions: written ? versions : world.versions,
      written: this.state.keyVault.written,
      leases: this.leases,
    };
  }
}

function life(value: string) {
  return { value, bornAt: START, diedAt: undefined };
}

/** Registered long before anything that is noted. */
function nodesOf(offline: World["offline"]): Node[] {
  if (offline === undefined) return [];
  return ["first", "second"].map((name, index) => ({
    ...{ name, version: "5.50", key: "", refused: false, connectedAs: "Online" },
    ...{
      registeredAt: 0,
      keyGivenAt: 0,
      startedAt: 0,
      stoppedAt: undefined,
      connectsAt: 0,
      connectedUntil: 0,
    },
    running: index >= offline,
  }));
}

export const stage = new Stage();
