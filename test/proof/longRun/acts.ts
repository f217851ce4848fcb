import { regenerateAuthKey } from "../../../local/azure/model/dataFactory.ts";
import {
  deleteSecret,
  recoverSecret,
  type SecretVersion,
  setSecret,
  updateSecret,
} from "../../../local/azure/model/keyVault.ts";
import { KEY_NAMES, type KeyName, otherKey } from "../../../src/services.ts";
import { blockOf, hasTooManyTags } from "./checkCalm.ts";
import { outside } from "./outside.ts";
import { rates } from "./rates.ts";
import type { RuntimeRecord } from "./record.ts";
import { count } from "./tally.ts";
import type { World } from "./world.ts";

/** How often a person, or what else sets tags, does which of these. */
const weights = {
  "regenerates the alternate key": 3,
  "regenerates the published key": 3,
  "disables the latest version": 2,
  "deletes the secret": 2,
  "writes something that is no key": 1,
  "writes something that is no key, tags copied": 1,
  "writes a dead value": 1,
  "writes a dead value, tags copied": 1,
  "writes the alternate value": 1,
  "writes the alternate value, tags copied": 1,
  "writes the published value again": 1,
  "removes ProviderAddress": 1,
  "removes RotationState": 1,
  "garbles RotationState": 1,
  "tags the other key": 1,
  "sets tags of others": 4,
  "sets every tag there is room for": 0.5,
  "enables a superseded version": 1,
  "disables a superseded version": 0.5,
} as const;

type Act = keyof typeof weights;

/** An outside act on one runtime, if it is possible now. */
export function act(world: World, record: RuntimeRecord): void {
  const name = world.random.weighted(weights);
  does(world, record, name, () => perform(world, record, name));
}

/** What a person does about a runtime that nobody else can help. */
export function putRight(world: World, record: RuntimeRecord): void {
  const { vault, random, scheduler } = world;
  const { secretName } = record.config;
  const block = blockOf(record);
  if (block === "secret-deleted" && random.chance(0.6)) {
    does(world, record, "recovers the secret", () => recoverSecret(vault, secretName));
  } else if (block === "secret-deleted" || (block === "secret-not-ours" && random.chance(0.5))) {
    does(world, record, "purges the secret", () => {
      delete vault.secrets[secretName.toLowerCase()];
    });
  } else if (block === "secret-disabled") {
    const { id } = record.latest!;
    does(world, record, "enables the latest version", () => {
      updateSecret(vault, secretName, id, { enabled: true }, scheduler.now);
    });
  } else if (block === "secret-not-ours") {
    const value = record.live[random.pick(KEY_NAMES)];
    does(world, record, "writes a live value", () => write(world, record, value, {}));
  } else tidyTags(world, record);
}

/** Whoever leaves something behind that only a person can put right does so, some time later. */
function does(world: World, record: RuntimeRecord, what: string, change: () => unknown): void {
  const { scheduler, random } = world;
  outside(world, record, what, change);
  if (blockOf(record) === undefined && !hasTooManyTags(record)) return;
  scheduler.in(random.waiting(rates.putRightAfter), () => world.calm || putRight(world, record));
}

/** Makes room for the tags of ours. */
export function tidyTags(world: World, record: RuntimeRecord): void {
  if (!hasTooManyTags(record)) return;
  const tags = Object.entries(record.latest!.tags).filter(([name]) => !name.startsWith("filler"));
  does(world, record, "removes tags of others", () => setTags(world, record, Object.fromEntries(tags)));
}

function perform(world: World, record: RuntimeRecord, name: Act): boolean {
  const { random, vault, scheduler } = world;
  const { latest, named } = record;
  const { now } = scheduler;
  const { secretName } = record.config;
  const published: KeyName | undefined = KEY_NAMES.find((key) => record.live[key] === named);
  const alternate = published && otherKey(published);
  switch (name) {
    case "regenerates the alternate key":
    case "regenerates the published key": {
      const key = name === "regenerates the alternate key" ? alternate : published;
      if (key === undefined) return false;
      regenerateAuthKey(world.azure.dataFactory, record.config.id.text, key, now);
      count(world.tally.deaths, "hand");
      return true;
    }
    case "enables a superseded version":
    case "disables a superseded version": {
      const enabled = name === "enables a superseded version";
      const old = record.versions.filter((one) => one !== latest && one.enabled !== enabled);
      if (old.length === 0 || record.isDeleted) return false;
      updateSecret(vault, secretName, random.pick(old).id, { enabled }, now);
      return true;
    }
  }
  if (latest === undefined || !latest.enabled) return false;
  const { RotationState, ProviderAddress, ...rest } = latest.tags;
  const copied = name.endsWith("tags copied") ? latest.tags : {};
  switch (name) {
    case "disables the latest version":
      updateSecret(vault, secretName, latest.id, { enabled: false }, now);
      break;
    case "deletes the secret":
      deleteSecret(vault, secretName, now);
      break;
    case "writes something that is no key":
    case "writes something that is no key, tags copied":
      write(world, record, `FAKE password ${random.below(1000)}`, copied);
      break;
    case "writes a dead value":
    case "writes a dead value, tags copied": {
      const dead = [...record.values.entries()].filter(([, life]) => life.diedAt !== undefined);
      if (dead.length === 0) return false;
      write(world, record, random.pick(dead)[0], copied);
      break;
    }
    case "writes the alternate value":
    case "writes the alternate value, tags copied":
      if (alternate === undefined) return false;
      write(world, record, record.live[alternate], copied);
      break;
    case "writes the published value again":
      write(world, record, latest.value, random.chance(0.5) ? latest.tags : {});
      break;
    case "removes ProviderAddress":
      setTags(world, record, { ...rest, ...(RotationState && { RotationState }) });
      break;
    case "removes RotationState":
      setTags(world, record, { ...rest, ...(ProviderAddress && { ProviderAddress }) });
      break;
    case "garbles RotationState":
      setTags(world, record, { ...latest.tags, RotationState: random.pick(["{}", "{", "later", "null"]) });
      break;
    case "tags the other key":
      setTags(world, record, {
        ...latest.tags,
        CredentialId: random.pick([alternate ?? "authKey1", "authKey3"]),
      });
      break;
    case "sets tags of others":
      setTags(world, record, {
        ...latest.tags,
        [random.pick(["owner", "cost", "note"])]: `${random.below(100)}`,
      });
      break;
    case "sets every tag there is room for": {
      const free = 15 - Object.keys(latest.tags).length;
      const filler = Array.from({ length: free }, (_, index) => [`filler${index}`, "x"]);
      if (Object.keys(rest).some((tag) => tag.startsWith("filler"))) return false;
      const foreign = Object.fromEntries(record.foreignTags(latest.tags));
      // What replaces our tags by others leaves no room for them.
      setTags(
        world,
        record,
        random.chance(0.5) ? { ...latest.tags, ...Object.fromEntries(filler) } : fill(foreign),
      );
      break;
    }
  }
  return true;
}

function fill(foreign: Record<string, string>): Record<string, string> {
  const filler = Array.from({ length: 15 - Object.keys(foreign).length }, (_, index) => [
    `filler${index}`,
    "x",
  ]);
  return { ...foreign, ...Object.fromEntries(filler) };
}

function write(
  world: World,
  record: RuntimeRecord,
  value: string,
  tags: Readonly<Record<string, string>>,
): void {
  const { azure, vault, scheduler } = world;
  const { secretName } = record.config;
  const fields = { tags: { ...tags } };
  const { id } = setSecret(azure.keyVault, vault, secretName, value, fields, scheduler.now);
  record.handVersions.add(id);
}

function setTags({ vault, scheduler }: World, record: RuntimeRecord, tags: Record<string, string>): void {
  const latest = record.latest as SecretVersion;
  updateSecret(vault, record.config.secretName, latest.id, { tags }, scheduler.now);
}
