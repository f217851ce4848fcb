import { AzureError } from "../../../local/azure/model/azureError.ts";
import { regenerateAuthKey } from "../../../local/azure/model/dataFactory.ts";
import * as keyVault from "../../../local/azure/model/keyVault.ts";
import { KEY_NAMES, type KeyName, otherKey } from "../../../src/services.ts";
import { tagsOfOthers } from "../shared/stateTag.ts";
import { HOUR } from "./scheduler.ts";
import type { Runtime, World } from "./world.ts";

const OTHERS = ["owner", "cost", "note"];

/** What somebody does, by what a trace calls it; false where it is impossible now. */
type Acts = Readonly<Record<string, readonly [weight: number, act: () => unknown]>>;

/** What can be done to one runtime from outside: at any time, and about what only a person can put right. */
function actsOn(world: World, record: Runtime): Readonly<Record<string, Acts>> {
  const { random, azure, vault, now } = world;
  const { latest, live, named, versions, isDeleted } = record;
  const { id, secretName } = record.config;
  const published = KEY_NAMES.find((key) => live[key] === named);
  const alternate = published && otherKey(published);
  const readable = named === undefined ? undefined : latest;
  const isDead = (value: string) => record.values.get(value)?.diedAt !== undefined;

  const regenerate = (key: KeyName | undefined) =>
    key !== undefined && regenerateAuthKey(azure.dataFactory, id.text, key, now);
  // Half of the time with the tags of the version before, where it is not said.
  const write = (value: string | undefined, tags = random.chance(0.5) ? latest?.tags : {}) => {
    if (value === undefined || isDeleted) return false;
    const fields = { tags: { ...tags } };
    const version = keyVault.setSecret(azure.keyVault, vault, secretName, value, fields, now);
    return record.handVersions.add(version.id);
  };
  const update = (version: keyVault.SecretVersion | undefined, fields: keyVault.SecretFields) =>
    version !== undefined && keyVault.updateSecret(vault, secretName, version.id, fields, now);
  const tag = (changes: Readonly<Record<string, string | undefined>>) => {
    const all = Object.entries({ ...latest?.tags, ...changes });
    const tags = all.filter((tag): tag is [string, string] => tag[1] !== undefined);
    return update(readable, { tags: Object.fromEntries(tags) });
  };
  // Half of the time in place of ours, which leaves no room for them.
  const fillTags = () => {
    const { tags = {} } = latest ?? {};
    const kept = random.chance(0.5) ? tags : Object.fromEntries(tagsOfOthers(tags));
    const filler = Array.from({ length: 15 - Object.keys(kept).length }, (_, n) => [`filler${n}`, "x"]);
    return (
      tags.filler0 === undefined && update(readable, { tags: { ...kept, ...Object.fromEntries(filler) } })
    );
  };
  const filler = Object.keys(latest?.tags ?? {}).filter((name) => name.startsWith("filler"));
  const enableOld = (enabled: boolean) => {
    const old = versions.filter((one) => one !== latest && one.enabled !== enabled);
    return !isDeleted && update(random.pick(old), { enabled });
  };
  const purge = () => delete vault.secrets[secretName.toLowerCase()];

  const anything: Acts = {
    "regenerates the alternate key": [6, () => regenerate(alternate)],
    "regenerates the published key": [6, () => regenerate(published)],
    "disables the latest version": [4, () => update(readable, { enabled: false })],
    "deletes the secret": [4, () => readable !== undefined && keyVault.deleteSecret(vault, secretName, now)],
    "writes something that is no key": [4, () => write(`FAKE password ${random.below(1000)}`)],
    "writes a dead value": [4, () => write(random.pick([...record.values.keys()].filter(isDead)))],
    "writes the alternate value": [4, () => write(alternate && live[alternate])],
    "writes the published value again": [2, () => write(named)],
    "removes ProviderAddress": [2, () => tag({ ProviderAddress: undefined })],
    "removes RotationState": [2, () => tag({ RotationState: undefined })],
    "garbles RotationState": [2, () => tag({ RotationState: random.pick(["{}", "{", "later", "null"]) })],
    "tags the other key": [2, () => tag({ CredentialId: random.pick([alternate, "authKey3"]) })],
    "sets tags of others": [8, () => tag({ [random.pick(OTHERS)]: `${random.below(100)}` })],
    "sets every tag there is room for": [1, fillTags],
    "enables a superseded version": [2, () => enableOld(true)],
    "disables a superseded version": [1, () => enableOld(false)],
  };
  return {
    anything,
    "secret-deleted": {
      "recovers the secret": [3, () => keyVault.recoverSecret(vault, secretName)],
      "purges the secret": [2, purge],
    },
    "secret-disabled": { "enables the latest version": [1, () => update(latest, { enabled: true })] },
    "secret-not-ours": {
      "purges the secret": [1, purge],
      "writes a live value": [1, () => write(live[random.pick(KEY_NAMES)], {})],
    },
    "too-many-tags": {
      "removes tags of others": [1, () => tag(Object.fromEntries(filler.map((name) => [name, undefined])))],
    },
  };
}

/**
 * An outside act on one runtime, if it is possible now.
 * @param about what a person is to put right; who makes a runtime again that is gone sees to the rest
 */
export function act(world: World, record: Runtime, about = "anything"): void {
  if (record.isGone) return;
  const acts = Object.entries(actsOn(world, record)[about]!);
  const [what, [, change]] = world.random.weighted(acts, ([, [weight]]) => weight);
  does(world, record, what, change);
}

/**
 * Lets somebody change something, and notes what that excuses. Whoever leaves something behind that only a person
 * can put right does so, some time later.
 */
export function does(world: World, record: Runtime, what: string, change: () => unknown): void {
  const glance = () => JSON.stringify([record.versions.at(-1), record.isDeleted]);
  const before = glance();
  try {
    if (change() === false) return;
  } catch (error) {
    // The vault refuses people too: more tags than it takes, for one.
    if (error instanceof AzureError) return;
    throw error;
  }
  world.count(`act: ${what}`);
  record.acts += 1;
  record.wrongAt = world.now;
  record.settle(world.now, "hand");
  // Whoever changes the secret may take away what would have told the next run of a value.
  if (glance() !== before) for (const life of record.lives) life.excused ||= !life.everNamed;
  world.note(record, `somebody ${what}; ${record.describe()}`);
  if (record.trouble === undefined) return;
  world.later(world.random.waiting(18 * HOUR), () => record.trouble && act(world, record, record.trouble));
}
