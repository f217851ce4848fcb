import { AzureError } from "../../../local/azure/model/azureError.ts";
import { regenerateAuthKey } from "../../../local/azure/model/dataFactory.ts";
import { deleteSecret, recoverSecret, setSecret, updateSecret } from "../../../local/azure/model/keyVault.ts";
import { KEY_NAMES, type KeyName, otherKey } from "../../../src/services.ts";
import { blockOf } from "../shared/sides.ts";
import { tagsOfOthers } from "../shared/stateTag.ts";
import { hasTooManyTags } from "./checkOutcome.ts";
import { rates } from "./triggers.ts";
import { count, note, type Runtime, type World } from "./world.ts";

/** What can be done to one runtime from outside; false where it is impossible now. */
type Act = (hand: Hand) => unknown;

/** How often a person, or what else sets tags, does which of these, and how: `h` is the hand that does it. */
const acts: Readonly<Record<string, readonly [weight: number, act: Act]>> = {
  "regenerates the alternate key": [3, (h) => h.regenerate(h.alternate)],
  "regenerates the published key": [3, (h) => h.regenerate(h.published)],
  "disables the latest version": [2, (h) => h.latest?.enabled === true && h.enable(h.latest, false)],
  "deletes the secret": [2, (h) => h.delete()],
  "writes something that is no key": [2, (h) => h.write(`FAKE password ${h.random.below(1000)}`)],
  "writes a dead value": [2, (h) => h.write(h.random.pick(h.dead))],
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
const weights = Object.fromEntries(Object.entries(acts).map(([name, [weight]]) => [name, weight]));

/** An outside act on one runtime, if it is possible now. */
export function act(world: World, record: Runtime): void {
  const name = world.random.weighted(weights);
  does(world, record, name, acts[name]![1]);
}

/** What a person does about a runtime that nobody else can help. */
function putRight(world: World, record: Runtime): void {
  const { random } = world;
  const block = blockOf(record);
  if (block === "secret-deleted" && random.chance(0.6)) {
    does(world, record, "recovers the secret", (hand) => hand.recover());
  } else if (block === "secret-deleted" || (block === "secret-not-ours" && random.chance(0.5))) {
    does(world, record, "purges the secret", (hand) => hand.purge());
  } else if (block === "secret-disabled") {
    does(world, record, "enables the latest version", (hand) => hand.enable(record.latest, true));
  } else if (block === "secret-not-ours") {
    const value = record.live[random.pick(KEY_NAMES)];
    does(world, record, "writes a live value", (hand) => hand.write(value, {}));
  } else tidyTags(world, record);
}

/** Makes room for the tags of ours. */
export function tidyTags(world: World, record: Runtime): void {
  if (!hasTooManyTags(record)) return;
  const filler = Object.keys(record.latest!.tags).filter((name) => name.startsWith("filler"));
  const none = Object.fromEntries(filler.map((name) => [name, undefined]));
  does(world, record, "removes tags of others", (hand) => hand.tag(none));
}

/**
 * Lets somebody change something, and notes what that excuses. Whoever leaves something behind that only a person
 * can put right does so, some time later.
 */
function does(world: World, record: Runtime, what: string, change: Act): void {
  const { scheduler, random } = world;
  const before = glanceAt(record);
  if (!isDone(() => change(new Hand(world, record)))) return;
  count(world, `act: ${what}`);
  record.acts += 1;
  record.settle(scheduler.now, "hand");
  // Whoever changes the secret may take away what would have told the next run of a value.
  if (glanceAt(record) !== before) {
    for (const life of record.lives) life.excused ||= !life.everNamed;
  }
  note(world, record, `somebody ${what}; ${record.describe()}`);
  if (blockOf(record) === undefined && !hasTooManyTags(record)) return;
  scheduler.in(random.waiting(rates.putRightAfter), () => world.calm || putRight(world, record));
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
  readonly record: Runtime;
  readonly random: World["random"];
  readonly #world: World;

  constructor(world: World, record: Runtime) {
    this.#world = world;
    this.record = record;
    this.random = world.random;
  }

  get latest() {
    return this.record.latest;
  }

  get published(): KeyName | undefined {
    return KEY_NAMES.find((key) => this.record.live[key] === this.record.named);
  }

  get alternate(): KeyName | undefined {
    return this.published && otherKey(this.published);
  }

  get dead(): (string | undefined)[] {
    const dead = [...this.record.values].filter(([, life]) => life.diedAt !== undefined);
    return dead.length > 0 ? dead.map(([value]) => value) : [undefined];
  }

  regenerate(key: KeyName | undefined) {
    const { azure, scheduler } = this.#world;
    return (
      key !== undefined &&
      regenerateAuthKey(azure.dataFactory, this.record.config.id.text, key, scheduler.now)
    );
  }

  /** @param tags half of the time those of the version before, where it is not said */
  write(value: string | undefined, tags = this.random.chance(0.5) ? this.latest?.tags : {}) {
    const { azure, vault, scheduler } = this.#world;
    if (value === undefined || (this.latest === undefined && this.record.isDeleted)) return false;
    const fields = { tags: { ...tags } };
    const { secretName } = this.record.config;
    return this.record.handVersions.add(
      setSecret(azure.keyVault, vault, secretName, value, fields, scheduler.now).id,
    );
  }

  tag(changes: Readonly<Record<string, string | undefined>>) {
    const { latest } = this;
    if (!latest?.enabled) return false;
    const tags = Object.entries({ ...latest.tags, ...changes }).filter(([, text]) => text !== undefined);
    return this.#update(latest.id, { tags: Object.fromEntries(tags) as Record<string, string> });
  }

  /** Half of the time in place of ours, which leaves no room for them. */
  fillTags() {
    const { latest } = this;
    if (!latest?.enabled || latest.tags.filler0 !== undefined) return false;
    const kept = this.random.chance(0.5) ? latest.tags : Object.fromEntries(tagsOfOthers(latest.tags));
    const free = 15 - Object.keys(kept).length;
    const filler = Array.from({ length: free }, (_, index) => [`filler${index}`, "x"]);
    return this.#update(latest.id, { tags: { ...kept, ...Object.fromEntries(filler) } });
  }

  enable(version: { id: string } | undefined, enabled: boolean) {
    return version !== undefined && this.#update(version.id, { enabled });
  }

  enableOld(enabled: boolean) {
    const { versions, isDeleted, latest } = this.record;
    const old = versions.filter((one) => one !== latest && one.enabled !== enabled);
    return old.length > 0 && !isDeleted && this.enable(this.random.pick(old), enabled);
  }

  delete() {
    const { vault, scheduler } = this.#world;
    return this.latest?.enabled === true && deleteSecret(vault, this.record.config.secretName, scheduler.now);
  }

  recover() {
    return recoverSecret(this.#world.vault, this.record.config.secretName);
  }

  purge() {
    return delete this.#world.vault.secrets[this.record.config.secretName.toLowerCase()];
  }

  #update(id: string, fields: Parameters<typeof updateSecret>[3]) {
    return updateSecret(
      this.#world.vault,
      this.record.config.secretName,
      id,
      fields,
      this.#world.scheduler.now,
    );
  }
}
