/** Publishes a live value: writes it, reads it back, retires the versions that it supersedes. */
import { DAY } from "../config/duration.ts";
import { StaleListingError } from "../errors.ts";
import type { KeyValue } from "../keyValue.ts";
import type { Observation } from "../plan/observation.ts";
import { NO_STATE, type RotationState } from "../plan/rotationState.ts";
import { secretTags } from "../plan/secretTags.ts";
import type { KeyName, Secret } from "../services.ts";
import { SECOND_LOOK_AFTER_MS } from "../timeLimits.ts";
import { observe } from "./observe.ts";
import { noteObservation, type Run, trackWrite } from "./progress.ts";
import { retire } from "./retire.ts";

export interface Publication {
  readonly key: KeyName;
  readonly value: KeyValue;
  readonly state: Partial<RotationState>;
}

/**
 * Writes the value as the new latest version, reads both sides back and retires what is dead.
 * @param latest what the new version follows: its foreign tags are carried over
 * @returns what both sides show now, and whether that is what was written
 */
export async function publish(
  run: Run,
  { key, value, state }: Publication,
  latest: Secret,
  now: number,
): Promise<{ seen: Observation; confirmed: boolean }> {
  const { config, secret, deadline, progress } = run;
  const limit = deadline.forWrite();
  progress.publishedKey = undefined;
  progress.version = undefined;
  progress.published = true;
  const expiresOn = Math.floor((now + config.validityDays * DAY) / 1000) * 1000;
  const foreign = latest.state === "readable" ? latest.tags : {};
  const content = { value, tags: secretTags(foreign, config, key, { ...NO_STATE, ...state }), expiresOn };
  const version = await trackWrite(progress, secret.addVersion(content, limit));
  run.secretExists = true;
  const seen = await verify(run, (seen) => shows(seen, version, value));
  noteObservation(progress, seen);
  const confirmed = shows(seen, version, value);
  if (confirmed) await retire(run, seen);
  return { seen, confirmed };
}

/** Reads a second time if the first reading does not match, or if the list of keys is known to be outdated. */
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

function shows({ secret, published }: Observation, version: string, value: KeyValue): boolean {
  return (
    secret.state === "readable" &&
    secret.version === version &&
    secret.value.equals(value) &&
    published !== undefined
  );
}
