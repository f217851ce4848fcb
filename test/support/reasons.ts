import type { Outcome, Reason } from "../../src/reconcile/outcome.ts";
import type { RuntimeStatus } from "../../src/report/fleetStatus.ts";

/** Complete and without strangers, or it does not compile. */
export const reasons: Record<Reason, true> = {
  "on-demand": true,
  due: true,
  compromised: true,
  "first-contact": true,
  "unfinished-rotation": true,
  drift: true,
  "not-due": true,
  "within-overlap": true,
  "compromised-recently": true,
  rollout: true,
  braked: true,
  paused: true,
  locked: true,
  "out-of-time": true,
  "runtime-missing": true,
  "runtime-not-self-hosted": true,
  "runtime-linked": true,
  "secret-disabled": true,
  "secret-deleted": true,
  "secret-not-ours": true,
  "nodes-lost": true,
  "access-denied": true,
  throttled: true,
  unavailable: true,
  "unexpected-response": true,
  "verification-failed": true,
  bug: true,
};

export const outcomes: Record<Outcome, true> = {
  rotated: true,
  published: true,
  kept: true,
  deferred: true,
  blocked: true,
  failed: true,
};

export const states: Record<RuntimeStatus["state"], true> = {
  healthy: true,
  due: true,
  unpublished: true,
  unfinished: true,
  drifted: true,
  "nodes-lost": true,
  blocked: true,
  unreadable: true,
};
