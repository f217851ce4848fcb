import { regenerateAuthKey } from "../../../local/azure/model/dataFactory.ts";
import { deleteSecret, setSecret, updateSecret } from "../../../local/azure/model/keyVault.ts";
import { latestOf } from "../shared/sides.ts";
import { excuse, perform, UNLOCKED } from "./effects.ts";
import { settle } from "./ghosts.ts";
import { stage } from "./stage.ts";
import { isAlive, type State } from "./state.ts";
import { type App, config, type Excuse, LEASE, SECOND, type World } from "./world.ts";

/** Something that nobody of this app does. */
export interface Act {
  readonly token: string;
  readonly words: string;
  /** What it may break for a moment while a run is alive. */
  readonly excuses: readonly Excuse[];
  readonly world: World;
}

/** Every outside act that is possible now. */
export function actsOn(state: State): Act[] {
  const { world, slots } = state;
  const latest = latestOf(world);
  const old = world.versions.slice(0, -1).findLast(({ enabled }) => enabled);
  const alive = slots.some(isAlive);
  // A write that is still on its way is at work too, though its run is over.
  const atWork = alive || world.late.length > 0;
  const acts: Act[] = [];
  const add = (token: string, words: string, excuses: readonly Excuse[], next: World) =>
    acts.push({ token, words, excuses, world: atWork ? excuse(next, excuses) : next });
  const person = (effect: () => unknown): World => settle(world, perform(world, effect, -1).after);
  const vault = () => stage.state.keyVault.vaults[new URL(config.vaultUrl).host]!;

  for (const key of ["authKey1", "authKey2"] as const) {
    const regenerate = () => regenerateAuthKey(stage.state.dataFactory, config.id.text, key, stage.now);
    add(`hand${key.at(-1)}`, `a person regenerates ${key} by hand`, [1, 2, 4, 10], person(regenerate));
  }
  if (latest?.enabled) {
    const disable = () => updateSecret(vault(), config.secretName, latest.id, { enabled: false }, stage.now);
    add("disableLatest", "a person disables the latest version", [], person(disable));
  }
  if (old && !world.isDeleted) {
    const disable = () => updateSecret(vault(), config.secretName, old.id, { enabled: false }, stage.now);
    add("disableOld", "a person disables a superseded version", [], person(disable));
  }
  if (latest) {
    const remove = () => deleteSecret(vault(), config.secretName, stage.now);
    add("delete", "a person deletes the secret", [3, 10], { ...person(remove), isDeleted: true });
    const overwrite = () =>
      setSecret(stage.state.keyVault, vault(), config.secretName, "something else", {}, stage.now);
    add("overwrite", "a person writes something else into the secret", [3, 8, 10], person(overwrite));
  }
  for (const app of ["a", "b"] as App[]) {
    const held = world.leases[app];
    if (held && held.until > world.now && slots[held.slot] && isAlive(slots[held.slot]!)) {
      const leases = { ...world.leases, [app]: undefined };
      add("breakLease", `the lease of run ${held.slot + 1} is broken while it lives`, UNLOCKED, {
        ...world,
        leases,
      });
    }
  }
  if (alive) {
    add("freeze", "every run freezes for 61 s", UNLOCKED, { ...world, now: world.now + LEASE + SECOND });
  }
  if (world.keysBefore) {
    add("stale", "the next listing shows the keys of before the last regenerate", [], {
      ...world,
      staleNext: true,
    });
  }
  for (const [change, words] of [
    [1, "a node goes off"],
    [-1, "a node comes back"],
  ] as const) {
    const offline = world.offline === undefined ? undefined : world.offline + change;
    if (offline === 0 || offline === 1 || offline === 2) {
      add(change > 0 ? "nodeOff" : "nodeOn", words, [], { ...world, offline });
    }
  }
  if (!world.refusesVersions) {
    add("refuseVersions", "the vault takes no new versions from now on", [], {
      ...world,
      refusesVersions: true,
    });
  }
  return acts;
}
