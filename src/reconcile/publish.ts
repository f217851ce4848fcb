import { DAY } from "../config/duration.ts";
import { StaleListingError } from "../errors.ts";
import type { KeyValue } from "../keyValue.ts";
import { liveKeyOf, type Observation } from "../plan/observation.ts";
import type { RotationState } from "../plan/rotationState.ts";
import { tagsOf } from "../plan/secretTags.ts";
import type { KeyName, Secret } from "../services.ts";
import { observe } from "./observe.ts";
import { note, type Run, trackWrite } from "./progress.ts";
import { retire } from "./retire.ts";

/** How long a mismatch may take to vanish by itself: neither service says that it reads its own writes. */
const SECOND_LOOK_AFTER_MS = 2000;

export interface Publication {
  readonly key: KeyName;
  readonly value: KeyValue;
  /** A new version has killed nothing yet. */
  readonly state: Omit<RotationState, "killed">;
}

/**
 * Writes a live value as the new latest version, reads both sides back and retires what is dead.
 * @param latest what the new version follows: its foreign tags are carried over
 * @returns what both sides show now, and whether that is what was written
 */
export async function publish(
  run: Run,
  { key, value, state }: Publication,
  latest: Secret,
  now: number,
): Promise<{ observation: Observation; confirmed: boolean }> {
  const { config, secret, deadline, progress } = run;
  const limit = deadline.forWrite();
  progress.publishedKey = undefined;
  progress.version = undefined;
  progress.published = true;
  const expiresOn = Math.floor((now + config.validityDays * DAY) / 1000) * 1000;
  const content = { value, tags: tagsOf(latest, config, key, { ...state, killed: undefined }), expiresOn };
  const version = await trackWrite(progress, secret.addVersion(content, limit));
  const observation = await verify(run, (seen) => shows(seen, version, value));
  note(progress, observation, config.id);
  const confirmed = shows(observation, version, value);
  if (confirmed) await retire(run, observation);
  return { observation, confirmed };
}

/** A first look that does not match, or that shows a listing known to be old, is taken once more. */
async function verify(run: Run, matches: (seen: Observation) => boolean): Promise<Observation> {
  try {
    const seen = await observe(run);
    if (matches(seen)) return seen;
  } catch (error) {
    if (!(error instanceof StaleListingError)) throw error;
  }
  await run.clock.sleep(SECOND_LOOK_AFTER_MS);
  return await observe(run);
}

function shows({ secret, runtime }: Observation, version: string, value: KeyValue): boolean {
  return (
    secret.state === "readable" &&
    secret.version === version &&
    secret.value.equals(value) &&
    runtime.state === "self-hosted" &&
    liveKeyOf(value, runtime.keys) !== undefined
  );
}
