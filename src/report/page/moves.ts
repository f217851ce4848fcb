/** Whose move it is and what to do, by the reason for a runtime's state. docs/runbook.md says more about each. */
import { DAY } from "../../config/duration.ts";
import type { Reason } from "../../reconcile/outcome.ts";
import type { FleetStatus, RuntimeStatus } from "../fleetStatus.ts";

/**
 * Whose move it can be, in the page's words, the most urgent first. `you`: a person, now; `app`: the next tick;
 * `later`: a person, in their own time; `nobody`: all is well, or it waits.
 */
export const MOVERS = {
  you: "Your move",
  app: "The app's move",
  later: "Your move, not now",
  nobody: "Nobody's move",
} as const;

export type Mover = keyof typeof MOVERS;

export interface Move {
  readonly whose: Mover;
  readonly todo: string;
  /** The section of the runbook. */
  readonly section: string;
  /** Lower ranks stand higher on the page. */
  readonly rank: number;
}

type Row = readonly [whose: Mover, todo: string];

const NOTHING: Row = ["nobody", "Nothing to do."];
const AGAIN: Row = ["app", "The next tick tries again. Look into it only if it persists."];
const COMPROMISED: Row = [
  "you",
  "A declared compromise is not carried out: a key that others know may still be live. Declare it again now, and repeat that until the outcome is rotated; then give every node the published key.",
];
const OVERDUE: Row = [
  "you",
  "Due for more than two days, and nothing holds it back. Unless your timer runs less often, check whether it runs at all.",
];
const EXPIRED: Row = ["you", "The secret expired while rotations are paused. Lift the pause."];

const rows: Readonly<Record<Reason, Row>> = {
  "nodes-lost": [
    "you",
    "Give the nodes that are not online the published key, or remove those that are gone.",
  ],
  "secret-disabled": ["you", "New nodes are locked out. Enable the latest version of the secret."],
  "secret-deleted": ["you", "New nodes are locked out. Recover the secret."],
  "secret-not-ours": [
    "you",
    "Give the runtime another secretName, or name the runtime in the secret's ProviderAddress tag.",
  ],
  "runtime-missing": ["you", "Correct the id in RUNTIMES, or take it out."],
  "runtime-not-self-hosted": ["you", "Take it out of RUNTIMES: it has no keys."],
  "runtime-linked": ["you", "Replace it in RUNTIMES by the runtime that it is shared from."],
  "access-denied": ["you", "Grant the rights that the message names, or let the app through the firewall."],
  bug: ["you", "Report the message; it is a defect of the app."],
  compromised: COMPROMISED,
  throttled: AGAIN,
  unavailable: AGAIN,
  "unexpected-response": AGAIN,
  "verification-failed": AGAIN,
  "out-of-time": AGAIN,
  locked: AGAIN,
  drift: [
    "app",
    "New nodes are locked out until the next tick repairs it. Find out who regenerated the key by hand.",
  ],
  "unfinished-rotation": ["app", "The next tick publishes what an earlier run began."],
  "first-contact": ["app", "The next tick publishes the key as it is, and regenerates nothing."],
  due: ["app", "The next tick rotates it."],
  "on-demand": NOTHING,
  braked: ["later", "Repair the runtimes that the message names; this one waits for them."],
  paused: ["later", "Lift the pause when the freeze is over."],
  rollout: ["nobody", "Nothing to do: it waits for its turn."],
  "within-overlap": NOTHING,
  "compromised-recently": NOTHING,
  "not-due": NOTHING,
};

/** The order among runtimes with the same mover: offline nodes come before secrets that new nodes cannot read. */
const URGENCY: readonly RuntimeStatus["state"][] = [
  "nodes-lost",
  "blocked",
  "unreadable",
  "drifted",
  "unfinished",
  "unpublished",
  "due",
  "healthy",
];
const OVERDUE_MS = 2 * DAY;

export function moveOf(status: RuntimeStatus, { at, compromised }: FleetStatus): Move {
  const { state, reason, runtime } = status;
  const since = (time: string | null) => (time === null ? 0 : at - Date.parse(time));
  const isCompromised = compromised.includes(runtime);
  if (isCompromised) return { ...move(COMPROMISED, "compromised"), rank: 0 };
  const rank = 1 + URGENCY.indexOf(state);
  const ranked = (row: Row, section: string) => {
    const made = move(row, section);
    return { ...made, rank: rank + Object.keys(MOVERS).indexOf(made.whose) * (URGENCY.length + 1) };
  };
  if (reason === "due" && since(status.dueAt) > OVERDUE_MS) return ranked(OVERDUE, "no-rotation-run");
  if (reason === "paused" && since(status.expiresAt) > 0) return ranked(EXPIRED, "paused");
  return ranked(rows[reason], reason);
}

function move([whose, todo]: Row, section: string): Omit<Move, "rank"> {
  return { whose, todo, section };
}
