import type { SecretVersion } from "../../../local/azure/model/keyVault.ts";
import { fingerprintOf, isLive } from "../shared/sides.ts";
import { withFingerprints } from "../shared/stateTag.ts";
import {
  DAY,
  HOUR,
  LEASE,
  OVERLAP,
  ROTATE_EVERY,
  START,
  valueText,
  versionId,
  WATCHED,
  type World,
} from "./world.ts";

/** How many values one world can hold, live and dead, before names run out. */
const NAMES = 24;

/**
 * The same world under other names: values, versions, fingerprints and run ids are numbered anew, and time is
 * moved back to the start. What can no longer matter is left out: dead versions that are disabled, leases that
 * have run out, how much older than the longest span something is. Only for worlds in which no run is alive,
 * because a run remembers the names that it saw.
 */
export function rebase(world: World): World {
  const shift = Math.floor((world.now - START) / 1000) * 1000;
  const versions = world.versions.filter(
    (version, index) =>
      index === world.versions.length - 1 || version.enabled || isLive(world, version.value),
  );
  const names = new Map<string, string>();
  const name = (value: string) => {
    if (!/^IR@/.test(value)) return value;
    const known = names.get(value) ?? valueText(names.size + 1);
    names.set(value, known);
    return known;
  };
  const live = { authKey1: name(world.live.authKey1), authKey2: name(world.live.authKey2) };
  const old = world.keysBefore;
  const keysBefore = old && { authKey1: name(old.authKey1), authKey2: name(old.authKey2) };
  const moved = versions.map((version, index) => ({
    ...version,
    id: versionId(index + 1),
    value: name(version.value),
    // What a superseded version says of itself, nobody goes by.
    tags: index < versions.length - 1 ? {} : renameTags(version.tags, name, shift),
    created: (Math.max(version.created * 1000 - shift, START - 1 - ROTATE_EVERY - 10 * DAY) / 1000) | 0,
    updated: 0,
    expires:
      version.expires === undefined
        ? undefined
        : Math.max(version.expires - shift / 1000, (START / 1000) | 0),
  }));
  const lease = (held: World["leases"]["a"]) =>
    held === undefined || held.until <= world.now
      ? undefined
      : { slot: -1, until: Math.min(held.until - shift, START + LEASE) };
  return {
    ...world,
    now: world.now - shift,
    live,
    keysBefore,
    versions: moved,
    minted: names.size,
    written: moved.length,
    leases: { a: lease(world.leases.a), b: lease(world.leases.b) },
    superseded: Object.fromEntries(
      Object.entries(world.superseded).map(([value, at]) => [
        name(value),
        Math.max(at - shift, START - 2 * OVERLAP),
      ]),
    ),
    unpublished: world.unpublished.map(name),
    condemned: world.condemned.map(name),
    surrendered: world.surrendered.map(name),
    excuses: [],
  };
}

function renameTags(
  tags: SecretVersion["tags"],
  name: (value: string) => string,
  shift: number,
): SecretVersion["tags"] {
  const text = tags.RotationState;
  if (text === undefined) return tags;
  const renamed = withFingerprints(text, (print) => renamePrint(print, name));
  // Of a time, whether it is long ago is all that anything goes by.
  const moved = (seconds: string, span: number) =>
    Math.max(Number(seconds) - shift / 1000, (START - span) / 1000) | 0;
  return {
    ...tags,
    RotationState: renamed
      .replace(/"run":"run \d+"/g, '"run":"gone"')
      .replace(/"since":(\d+)/g, (_, since) => `"since":${moved(since, HOUR)}`)
      .replace(
        /"note":\[(\d),(\d),(\d+),"(\w+)",\d/g,
        (_, on, off, at, key) => `"note":[${on},${off},${moved(at, WATCHED + DAY)},"${key}",2`,
      )
      // Whoever is alone goes by neither how often it was rotated nor why.
      .replace(/"n":\d/g, '"n":2')
      .replace(/"reason":"[\w-]+"/g, '"reason":"past"'),
  };
}

function renamePrint(print: string, name: (value: string) => string): string {
  for (let n = 1; n <= NAMES; n += 1) {
    const value = valueText(n);
    if (fingerprintOf(value) === print) return fingerprintOf(name(value));
  }
  throw new Error("a fingerprint of no value that was minted");
}

/** Short names for long texts, so that keys of states are short. */
const short = new Map<string, number>();
export function shortOf(text: string): number {
  const known = short.get(text) ?? short.size;
  short.set(text, known);
  return known;
}

const tagKeys = new WeakMap<SecretVersion["tags"], number>();
function tagsKey(tags: SecretVersion["tags"]): number {
  const known = tagKeys.get(tags) ?? shortOf(JSON.stringify(tags));
  tagKeys.set(tags, known);
  return known;
}

const worldKeys = new WeakMap<World, string>();

/** Everything about a world by which its future can differ, as one text. */
export function keyOfWorld(world: World): string {
  const known = worldKeys.get(world);
  if (known !== undefined) return known;
  const lease = (held: World["leases"]["a"]) => (held ? `${held.slot}:${held.until - world.now}` : "-");
  const versions = world.versions.map(
    (v) =>
      `${shortOf(v.id)}:${shortOf(v.value)}:${tagsKey(v.tags)}:${v.enabled ? 1 : 0}:${v.created}:${v.expires}`,
  );
  const key = [
    world.now - START,
    shortOf(world.live.authKey1),
    shortOf(world.live.authKey2),
    world.keysBefore ? `${shortOf(world.keysBefore.authKey1)},${shortOf(world.keysBefore.authKey2)}` : "-",
    `${+world.staleNext}${+world.isDeleted}${+world.refusesVersions}${world.offline}`,
    world.minted,
    world.written,
    versions.join(","),
    lease(world.leases.a),
    lease(world.leases.b),
    world.late.map((late) => `${late.name}@${late.slot}@${late.protectedUntil}`).join(","),
    Object.entries(world.superseded)
      .map(([value, at]) => `${shortOf(value)}@${at}`)
      .sort()
      .join(","),
    world.unpublished.map(shortOf).join(","),
    world.condemned.map(shortOf).join(","),
    world.surrendered.map(shortOf).join(","),
    world.excuses.join(""),
  ].join("|");
  worldKeys.set(world, key);
  return key;
}

/** A 53-bit hash (cyrb53): two states of a million collide with a chance of 1 in 18,000. */
export function hash(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 2654435761);
    b = Math.imul(b ^ c, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
