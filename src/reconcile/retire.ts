/** Disables the superseded versions of a secret whose value is dead. */
import { OutOfTimeError, ServiceError } from "../errors.ts";
import { liveKeyOf, type Observation } from "../plan/observation.ts";
import type { Run } from "./progress.ts";

/**
 * Leaves alone a version whose value is still live, and one of the same second as the latest, because `created` cannot
 * tell which of the two came first. What is not reached, for lack of time or because a service refuses, is left to the
 * next publish.
 */
export async function retire(run: Run, { secret: latest, runtime }: Observation): Promise<void> {
  if (latest.state !== "readable" || runtime.state !== "self-hosted") return;
  const { secret, deadline } = run;
  try {
    for (const { version, enabled, createdOn } of await secret.listVersions(deadline.forRead())) {
      if (!enabled || version === latest.version || createdOn >= latest.createdOn) continue;
      const value = await secret.getValue(version, deadline.forRead());
      if (liveKeyOf(value, runtime.keys) === undefined) await secret.disable(version, deadline.forWrite());
    }
    run.progress.notRetired = undefined;
  } catch (error) {
    if (!(error instanceof ServiceError || error instanceof OutOfTimeError)) throw error;
    run.progress.notRetired = `superseded versions stay enabled until the next publish: ${error.message}`;
  }
}
