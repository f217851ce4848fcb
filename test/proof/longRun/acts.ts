import { AzureError } from "../../../local/azure/model/azureError.ts";
import { KEY_NAMES } from "../../../src/services.ts";
import { blockOf } from "../shared/sides.ts";
import { hasTooManyTags } from "./checkOutcome.ts";
import { Hand } from "./hand.ts";
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
  if (record.isGone) return;
  const name = world.random.weighted(weights);
  does(world, record, name, acts[name]![1]);
}

/** What a person does about a runtime that nobody else can help. */
function putRight(world: World, record: Runtime): void {
  // Whoever makes it again sees to the rest.
  if (record.isGone) return;
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
export function does(world: World, record: Runtime, what: string, change: Act): void {
  const { scheduler, random } = world;
  const before = glanceAt(record);
  if (!isDone(() => change(new Hand(world, record)))) return;
  count(world, `act: ${what}`);
  record.acts += 1;
  record.wrongAt = scheduler.now;
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
