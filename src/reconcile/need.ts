/** How many requests each kind of step may need. */
import type { Urgency } from "./requestBudget.ts";

/** The most requests that a step can need, lost answers included. */
export interface Need {
  /** Requests that the service counts as writes, which includes listing keys and asking for nodes. */
  readonly writes: number;
  readonly reads: number;
  readonly urgency: Urgency;
}

/** A look at the keys and the nodes. */
export const LOOK: Need = { writes: 2, reads: 1, urgency: 2 };

/** All that may have to be done for a runtime under its lease. */
const WORK = { writes: 6, reads: 1 };
export const REPAIR: Need = { ...WORK, urgency: 0 };
export const ROTATION: Need = { ...WORK, urgency: 1 };
