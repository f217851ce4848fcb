import type { LocalAzure } from "../azure/index.ts";
import type { Operation } from "../azure/model/calls.ts";
import { countNodes } from "../nodes.ts";
import { type LocalRuntime, viewOf } from "../view.ts";

// By name, so that the compiler says when the local Azure learns an operation that nobody watches.
const OPERATIONS: Record<Operation, true> = {
  listAuthKeys: true,
  regenerateAuthKey: true,
  getRuntime: true,
  listByFactory: true,
  listFactories: true,
  getStatus: true,
  getSecret: true,
  getSecretVersion: true,
  setSecret: true,
  updateSecret: true,
  listVersions: true,
  challenge: true,
  token: true,
  acquireLease: true,
  renewLease: true,
  releaseLease: true,
  createContainer: true,
  putBlob: true,
  unknown: true,
};

export interface Watch {
  /** How often a secret was looked at. */
  readonly moments: number;
  /** How many of these found a dead key that a person had left there. */
  readonly deadByHand: number;
  /** Every other moment at which the vault named a dead key. There must be none. */
  readonly dead: readonly string[];
  /** By a runtime's name: in how many looks some of its nodes were not online. */
  readonly nodesLost: Readonly<Record<string, number>>;
  /** From now on until it names a live key again, this runtime's secret may name a dead one. */
  excuse(runtime: LocalRuntime): void;
}

/**
 * Looks at every runtime's secret and nodes before and after each call that reaches the local Azure. Nothing else
 * changes anything there, so no state that lasts for a moment goes unseen.
 */
export function startWatch(azure: LocalAzure, runtimes: readonly LocalRuntime[]): Watch {
  const watch = { moments: 0, deadByHand: 0, dead: [] as string[], nodesLost: {} as Record<string, number> };
  const excused = new Set<LocalRuntime>();
  const look = (moment: string) => {
    for (const runtime of runtimes) {
      const { name } = runtime;
      const { online, all } = countNodes(azure, runtime);
      if (online < all) watch.nodesLost[name] = (watch.nodesLost[name] ?? 0) + 1;
      // Before its first publish there is no secret that could name a dead key.
      if (azure.latestVersion(runtime.vaultUrl, runtime.secretName) === undefined) continue;
      watch.moments += 1;
      if (viewOf(azure, runtime).namedKey !== undefined) excused.delete(runtime);
      else if (excused.has(runtime)) watch.deadByHand += 1;
      else watch.dead.push(`${name}, ${moment}`);
    }
  };
  for (const when of ["before", "after"] as const) {
    azure.faults.inject({
      operation: Object.keys(OPERATIONS) as Operation[],
      times: Number.POSITIVE_INFINITY,
      when,
      fault: ({ seq, operation }) => look(`${when} call ${seq}, ${operation}`),
    });
  }
  return Object.assign(watch, { excuse: (runtime: LocalRuntime) => void excused.add(runtime) });
}
