/** What a run would do, for a dry run and for the status. */
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import { type Decision, regeneratedBy } from "../plan/decision.ts";
import type { Observation } from "../plan/observation.ts";
import { plan } from "../plan/plan.ts";
import { ALLOWED, type Turn } from "../plan/rollout.ts";
import type { RequestKind } from "../plan/runRequest.ts";
import type { KeyName } from "../services.ts";
import { foreseenVerdict, type Verdict } from "./outcome.ts";

export interface Forecast extends Verdict {
  /** The first thing that would be decided. */
  readonly decision: Decision;
  /** The keys that would be regenerated, so that their values would die. */
  readonly regenerates: readonly KeyName[];
}

/** A vault says only on a write that a secret is soft-deleted. */
const UNSEEN_DELETION =
  "if the secret turns out to be soft-deleted, which only a write shows, recover or purge it first";

export function forecast(
  seen: Observation,
  config: RuntimeConfig,
  kind: RequestKind,
  turn: Turn = ALLOWED,
): Forecast {
  const decision = plan(seen, config, kind, turn);
  if (decision.action === "clearIntent") {
    const cleared = { ...seen, state: { ...seen.state, intent: undefined } };
    return { ...forecast(cleared, config, kind, turn), decision };
  }
  const regenerates = regeneratedBy(decision);
  let { message } = decision;
  if (decision.action === "publish" && seen.secret.state === "missing") message += ` (${UNSEEN_DELETION})`;
  if (decision.action === "publish" && regenerates.length > 0) {
    message += `; then ${regenerates.join(" and ")} would be regenerated, because of the compromise`;
  }
  return { ...foreseenVerdict(decision), message, decision, regenerates };
}
