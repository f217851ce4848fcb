/** What `npm start -- --fleet` adds to the dozen: the runtimes of other teams, which patterns find, and which come and go. */
import type { LocalAzure } from "../azure/index.ts";
import { regenerateAuthKey } from "../azure/model/dataFactory.ts";
import { setSecret } from "../azure/model/keyVault.ts";
import { switchOff } from "../azure/model/nodes.ts";
import { playNodeScript } from "../nodes.ts";
import type { LocalRuntime } from "../view.ts";
import { VAULT } from "./fleet.ts";

const DAY = 86_400_000;
const SIZE = 988;
/** So many come, and as many go, on each day that passes; no more at once than can be followed. */
const EACH_DAY = 2;
const MOST_AT_ONCE = 10;

const FACTORIES = "providers/Microsoft.DataFactory/factories";

/** A team with a subscription of its own. */
interface Team {
  readonly name: string;
  /** Without what all ids of runtimes have in common. */
  readonly pattern: string;
  readonly factories: readonly string[];
}

// Of each, a subscription answers a look at every runtime and its nodes without making the app wait.
const names = "mills ports farms rails banks mines parks docks yards halls works".split(" ");
const teams: readonly Team[] = names.map((name, index) => {
  const subscription = `/subscriptions/00000000-0000-4000-8000-${`${index}`.padStart(12, "0")}`;
  const group = `${subscription}/resourceGroups/rg-${name}`;
  const factory = `${group}/${FACTORIES}/contoso-${name}`;
  const factories = index % 3 === 0 ? [factory] : [`${factory}-north`, `${factory}-south`];
  const scopes = [factory, `${group}/${FACTORIES}/*`, `${subscription}/${FACTORIES}/*`] as const;
  return { name, pattern: scopes[index % 3] ?? factory, factories };
});

/** What is wrong with the first of each of the first teams. */
const mishaps: readonly ((azure: LocalAzure, runtime: LocalRuntime) => void)[] = [
  (azure, { secretName }) => void delete vaultOf(azure).secrets[secretName],
  (azure, { id }) => void regenerateAuthKey(azure.state.dataFactory, id, "authKey1", azure.clock.now()),
  (azure, { secretName }) => {
    const latest = azure.latestVersion(VAULT, secretName);
    if (latest !== undefined) latest.enabled = false;
  },
  (azure, { secretName }) =>
    void setSecret(azure.state.keyVault, vaultOf(azure), secretName, "FAKE password", {}, azure.clock.now()),
  (azure, { secretName }) =>
    azure.deny("Microsoft.KeyVault/vaults/secrets/getSecret/action", `${VAULT}/secrets/${secretName}`),
  (azure, runtime) => publish(azure, runtime, 31),
  (azure, { id, name }) => switchOff(azure.state.dataFactory, id, `${name}-1`, azure.clock.now()),
];

export class Estate {
  readonly patterns = teams.map(({ pattern }) => `${pattern}/integrationRuntimes/*`);
  readonly #azure: LocalAzure;
  /** The oldest first. */
  readonly #runtimes: LocalRuntime[] = [];
  #made = 0;

  constructor(azure: LocalAzure) {
    this.#azure = azure;
  }

  get runtimes(): readonly LocalRuntime[] {
    return this.#runtimes;
  }

  /** Puts all in place as an app leaves them that has kept them for some time: not all are due on one day. */
  place(): void {
    this.#azure.state.dataFactory.pageSize = 50;
    for (let n = 0; n < SIZE; n += 1) publish(this.#azure, this.#install(), n % 29);
    for (const [index, happen] of mishaps.entries()) {
      const first = this.#runtimes[index];
      if (first !== undefined) happen(this.#azure, first);
    }
  }

  /** What teams do in so many milliseconds: the script on their nodes runs, runtimes come, and others go. */
  pass(ms: number): string {
    for (const runtime of this.#runtimes) playNodeScript(this.#azure, runtime);
    const changes = Math.min(MOST_AT_ONCE, Math.ceil((ms / DAY) * EACH_DAY));
    // Those with a mishap stay.
    for (const { id } of this.#runtimes.splice(teams.length, changes)) this.#azure.removeRuntime(id);
    for (let n = 0; n < changes; n += 1) this.#install();
    return `Meanwhile: ${changes} new, ${changes} gone`;
  }

  #install(): LocalRuntime {
    const azure = this.#azure;
    const team = teams[this.#made % teams.length] as Team;
    const number = Math.floor(this.#made / teams.length) + 1;
    const factory = team.factories[number % team.factories.length] ?? "";
    const name = `${team.name}-${`${number}`.padStart(3, "0")}`;
    const id = `${factory}/integrationRuntimes/${name}`;
    const secretName = `${factory.slice(factory.lastIndexOf("/") + 1)}-${name}`;
    const runtime = { name, id, vaultUrl: VAULT, secretName };
    azure.addRuntime(id);
    for (const node of [1, 2]) azure.registerNode(id, `${name}-${node}`, azure.liveKeys(id).authKey1);
    this.#made += 1;
    this.#runtimes.push(runtime);
    return runtime;
  }
}

/** As the app does at first contact, so many days ago. */
function publish(azure: LocalAzure, { id, secretName }: LocalRuntime, daysAgo: number): void {
  const at = azure.clock.now() - daysAgo * DAY;
  const tags = { CredentialId: "authKey1", ProviderAddress: id, ValidityPeriodDays: "60" };
  const fields = { contentType: "text/plain", tags, expires: Math.floor((at + 60 * DAY) / 1000) };
  setSecret(azure.state.keyVault, vaultOf(azure), secretName, azure.liveKeys(id).authKey1, fields, at);
}

function vaultOf({ state }: LocalAzure) {
  const vault = state.keyVault.vaults[new URL(VAULT).host];
  if (vault === undefined) throw new Error("the dozen's history has made the vault");
  return vault;
}
