import { regenerateAuthKey } from "../../../local/azure/model/dataFactory.ts";
import {
  deleteSecret,
  type SecretVersion,
  setSecret,
  updateSecret,
} from "../../../local/azure/model/keyVault.ts";
import { KEY_NAMES } from "../../../src/services.ts";
import { latestOf } from "../shared/sides.ts";
import { excuse, perform, UNLOCKED } from "./effects.ts";
import { settle } from "./ghosts.ts";
import { stage } from "./stage.ts";
import { isAlive, type State } from "./state.ts";
import { type App, config, type Excuse, LEASE, SECOND, type World } from "./world.ts";

/** Something that nobody of this app does. */
export interface Act {
  /** What a trace calls it, in a word. */
  readonly token: string;
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
  /** @param excuses what it may break for a moment while a run is alive */
  const add = (token: string, excuses: readonly Excuse[], next: Partial<World>) => {
    const after = { ...world, ...next };
    acts.push({ token, world: atWork ? excuse(after, excuses) : after });
  };
  const person = (effect: () => unknown): World => settle(world, perform(world, effect, -1).after);
  const vault = () => stage.state.keyVault.vaults[new URL(config.vaultUrl).host]!;
  const disable = ({ id }: SecretVersion) =>
    person(() => updateSecret(vault(), config.secretName, id, { enabled: false }, stage.now));

  for (const key of KEY_NAMES) {
    const regenerate = () => regenerateAuthKey(stage.state.dataFactory, config.id.text, key, stage.now);
    add(`${key}-regenerated-by-hand`, [1, 2, 4, 10], person(regenerate));
  }
  if (latest?.enabled) add("latest-version-disabled", [], disable(latest));
  if (old && !world.isDeleted) add("superseded-version-disabled", [], disable(old));
  if (latest) {
    const remove = () => deleteSecret(vault(), config.secretName, stage.now);
    add("secret-deleted", [3, 10], { ...person(remove), isDeleted: true });
    const overwrite = () =>
      setSecret(stage.state.keyVault, vault(), config.secretName, "something else", {}, stage.now);
    add("secret-overwritten", [3, 8, 10], person(overwrite));
  }
  for (const app of ["a", "b"] as App[]) {
    const held = world.leases[app];
    const holder = slots[held?.slot ?? -1];
    if (held && held.until > world.now && holder && isAlive(holder)) {
      add(`lease-of-app-${app}-broken`, UNLOCKED, { leases: { ...world.leases, [app]: undefined } });
    }
  }
  if (alive) add("every-run-freezes-61s", UNLOCKED, { now: world.now + LEASE + SECOND });
  if (world.keysBefore) add("next-listing-is-of-before-the-last-regenerate", [], { staleNext: true });
  for (const [token, change] of [
    ["node-goes-off", 1],
    ["node-comes-back", -1],
  ] as const) {
    const offline = world.offline === undefined ? undefined : world.offline + change;
    if (offline === 0 || offline === 1 || offline === 2) add(token, [], { offline });
  }
  if (!world.refusesVersions) add("vault-takes-no-new-versions", [], { refusesVersions: true });
  return acts;
}
