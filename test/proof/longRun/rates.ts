const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How often things happen, far above real life. Times in milliseconds, the rest are probabilities. */
export const rates = {
  /** Of one runtime: on average so long between two of them. */
  onDemandEvery: 25 * DAY,
  compromiseEvery: 150 * DAY,
  actEvery: 25 * DAY,
  /** A call that comes right when the overlap of what was published ends. */
  callAtOverlapEnd: 0.25,
  /** A call comes with others, from other instances, within seconds. */
  burst: 0.3,
  dryRun: 0.08,
  /** While a run holds the lease, something else happens to the same runtime: a call, a tick or an outside act. */
  whileAtWork: 0.12,
  /** Of one app. */
  restartEvery: 20 * DAY,
  outageEvery: 40 * DAY,
  outageLasts: 5 * HOUR,
  tickLost: 0.01,
  /** Of one call, by what it is. */
  faultOfIdleRead: 0.003,
  faultOfRead: 0.015,
  faultOfWrite: 0.06,
  faultOfLease: 0.02,
  slow: 0.003,
  /** Of one turn: every call is fast, or every call is slow. */
  quickTurn: 0.3,
  slowTurn: 0.004,
  /** A person puts right what a person has done. */
  putRightAfter: 18 * HOUR,
  nodeRebootsEvery: 45 * DAY,
} as const;
