import { AzureError } from "../../../local/azure/model/azureError.ts";
import { regenerateAuthKey } from "../../../local/azure/model/dataFactory.ts";
import {
  deleteSecret,
  recoverSecret,
  type SecretFields,
  type SecretVersion,
  setSecret,
  updateSecret,
} from "../../../local/azure/model/keyVault.ts";
import { KEY_NAMES, type KeyName, otherKey } from "../../../src/services.ts";
import { tagsOfOthers } from "../shared/stateTag.ts";
import { HOUR } from "./scheduler.ts";
import type { Runtime, World } from "./world.ts";

/** A person puts right what a person has done. */
const PUT_RIGHT_AFTER_MS = 18 * HOUR;

/** What can be done to one runtime from outside; false where it is impossible now. */
type Act = (hand: Hand) => unknown;
type Acts = Readonly<Record<string, readonly [weight: number, act: Act]>>;

/** How often a person, or what else sets tags, does which of these, and how: `h` is the hand that does it. */
const acts: Acts = {
  "regenerates the alternate key": [3, (h) => h.regenerate(h.alternate)],
  "regenerates the published key": [3, (h) => h.regenerate(h.published)],
  "disables the latest version": [2, (h) => h.isReadable && h.update(h.latest, { enabled: false })],
  "deletes the secret": [2, (h) => h.isReadable && deleteSecret(h.world.vault, h.secretName, h.world.now)],
  "writes something that is no key": [2, (h) => h.write(`FAKE password ${h.random.below(1000)}`)],
  "writes a dead value": [2, (h) => h.write(h.dead)],
  "writes the alternate value": [2, (h) => h.write(h.alternate && h.record.live[h.alternate])],
  "writes the published value again": [1, (h) => h.write(h.record.named)],
  "removes ProviderAddress": [1, (h) => h.tag({ ProviderAddress: undefined })],
  "removes RotationState": [1, (h) => h.tag({ RotationState: undefined })],
  "garbles RotationState": [1, (h) => h.tag({ RotationState: h.random.pick(["{}", "{", "later", "null"]) })],
  "tags the other key": [
    1,
    (h) => h.tag({ CredentialId: h.random.pick([h.alternate ?? "authKey1", "authKey3"]) }),
  ],
  "sets tags of others": [
    4,
    (h) => h.tag({ [h.random.pick(["owner", "cost", "note"])]: `${h.random.below(100)}` }),
  ],
  "sets every tag there is room for": [0.5, (h) => h.fillTags()],
  "enables a superseded version": [1, (h) => h.enableOld(true)],
  "disables a superseded version": [0.5, (h) => h.enableOld(false)],
};

const purge: Act = ({ world, secretName }) => delete world.vault.secrets[secretName.toLowerCase()];

/** What a person does where nobody else can help; of a runtime that is gone, whoever makes it again sees to the rest. */
const remedies: Readonly<Record<string, Acts>> = {
  "secret-deleted": {
    "recovers the secret": [0.6, ({ world, secretName }) => recoverSecret(world.vault, secretName)],
    "purges the secret": [0.4, purge],
  },
  "secret-disabled": { "enables the latest version": [1, (h) => h.update(h.latest, { enabled: true })] },
  "secret-not-ours": {
    "purges the secret": [1, purge],
    "writes a live value": [1, (h) => h.write(h.record.live[h.random.pick(KEY_NAMES)], {})],
  },
  "too-many-tags": { "removes tags of others": [1, (h) => h.removeFiller()] },
};

/** An outside act on one runtime, if it is possible now. */
export function act(world: World, record: Runtime): void {
  if (!record.isGone) doOneOf(world, record, acts);
}

/** Somebody sees to what only a person can put right. */
export function putRight(world: World, record: Runtime): void {
  const { trouble } = record;
  if (trouble !== undefined) doOneOf(world, record, remedies[trouble] ?? {});
}

function doOneOf(world: World, record: Runtime, some: Acts): void {
  const all = Object.entries(some);
  if (all.length === 0) return;
  const [what, [, change]] = world.random.weighted(all, ([, [weight]]) => weight);
  does(world, record, what, () => change(new Hand(world, record)));
}

/**
 * Lets somebody change something, and notes what that excuses. Whoever leaves something behind that only a person
 * can put right does so, some time later.
 */
export function does(world: World, record: Runtime, what: string, change: () => unknown): void {
  const before = glanceAt(record);
  if (!isDone(change)) return;
  world.count(`act: ${what}`);
  record.acts += 1;
  record.wrongAt = world.now;
  record.settle(world.now, "hand");
  // Whoever changes the secret may take away what would have told the next run of a value.
  if (glanceAt(record) !== before) {
    for (const life of record.lives) life.excused ||= !life.everNamed;
  }
  world.note(record, `somebody ${what}; ${record.describe()}`);
  if (record.trouble === undefined) return;
  world.later(world.random.waiting(PUT_RIGHT_AFTER_MS), () => putRight(world, record));
}

function isDone(change: () => unknown): boolean {
  try {
    return change() !== false;
  } catch (error) {
    // The vault refuses people too: more tags than it takes, for one.
    if (error instanceof AzureError) return false;
    throw error;
  }
}

function glanceAt({ versions, isDeleted }: Runtime): string {
  return JSON.stringify([versions.at(-1), isDeleted]);
}

/** One person's hand on one runtime and its secret. */
class Hand {
  readonly world: World;
  readonly record: Runtime;
  readonly random: World["random"];
  readonly latest: SecretVersion | undefined;
  readonly secretName: string;
  readonly published: KeyName | undefined;
  readonly alternate: KeyName | undefined;

  constructor(world: World, record: Runtime) {
    this.world = world;
    this.record = record;
    this.random = world.random;
    this.latest = record.latest;
    this.secretName = record.config.secretName;
    this.published = KEY_NAMES.find((key) => record.live[key] === record.named);
    this.alternate = this.published && otherKey(this.published);
  }

  get isReadable(): boolean {
    return this.latest?.enabled === true;
  }

  get dead(): string | undefined {
    const dead = [...this.record.values].filter(([, { diedAt }]) => diedAt !== undefined);
    return dead.length === 0 ? undefined : this.random.pick(dead)[0];
  }

  regenerate(key: KeyName | undefined) {
    const { azure, now } = this.world;
    return key !== undefined && regenerateAuthKey(azure.dataFactory, this.record.config.id.text, key, now);
  }

  /** @param tags half of the time those of the version before, where it is not said */
  write(value: string | undefined, tags = this.random.chance(0.5) ? this.latest?.tags : {}) {
    const { azure, vault, now } = this.world;
    if (value === undefined || (this.latest === undefined && this.record.isDeleted)) return false;
    const version = setSecret(azure.keyVault, vault, this.secretName, value, { tags: { ...tags } }, now);
    return this.record.handVersions.add(version.id);
  }

  tag(changes: Readonly<Record<string, string | undefined>>) {
    if (!this.latest?.enabled) return false;
    const tags = Object.entries({ ...this.latest.tags, ...changes }).filter((tag) => tag[1] !== undefined);
    return this.update(this.latest, { tags: Object.fromEntries(tags) as Record<string, string> });
  }

  /** Half of the time in place of ours, which leaves no room for them. */
  fillTags() {
    const { latest } = this;
    if (!latest?.enabled || latest.tags.filler0 !== undefined) return false;
    const kept = this.random.chance(0.5) ? latest.tags : Object.fromEntries(tagsOfOthers(latest.tags));
    const free = 15 - Object.keys(kept).length;
    const filler = Array.from({ length: free }, (_, index) => [`filler${index}`, "x"]);
    return this.update(latest, { tags: { ...kept, ...Object.fromEntries(filler) } });
  }

  removeFiller() {
    const filler = Object.keys(this.latest?.tags ?? {}).filter((name) => name.startsWith("filler"));
    return this.tag(Object.fromEntries(filler.map((name) => [name, undefined])));
  }

  enableOld(enabled: boolean) {
    const { versions, isDeleted, latest } = this.record;
    const old = versions.filter((one) => one !== latest && one.enabled !== enabled);
    return old.length > 0 && !isDeleted && this.update(this.random.pick(old), { enabled });
  }

  update(version: SecretVersion | undefined, fields: SecretFields) {
    const { vault, now } = this.world;
    return version !== undefined && updateSecret(vault, this.secretName, version.id, fields, now);
  }
}
