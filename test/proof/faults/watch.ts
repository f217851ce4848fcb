import type { LocalAzure } from "../../../local/azure/index.ts";
import type { Call } from "../../../local/azure/model/calls.ts";
import { armIdOf, type Scenario, secretNameOf, VAULT } from "./scenarios.ts";

const OVERLAP_MS = 86_400_000;
const WRITES = ["regenerateAuthKey", "setSecret", "updateSecret"] as const;

export interface Watch {
  readonly violations: string[];
  readonly minted: number;
  /** Looks at the end state as it looked at every write. */
  finish(): void;
  remove(): void;
}

/**
 * Looks at the local Azure's own state after every write for one runtime, before its answer goes out or is
 * lost, and notes where a promise does not hold at that moment.
 */
export function watch(azure: LocalAzure, id: string, scenario: Scenario): Watch {
  const armId = armIdOf(id);
  const runtime = azure.state.dataFactory.runtimes[armId.toLowerCase()];
  const violations: string[] = [];
  const supersededAt = new Map<string, number>();
  const versions = () => azure.state.keyVault.vaults[VAULT]?.secrets[secretNameOf(id)]?.versions ?? [];
  const before = new Set(versions().map((version) => version.id));
  for (const [index, version] of versions().entries()) {
    const next = versions()[index + 1];
    if (next !== undefined) supersededAt.set(version.value, next.created * 1000);
  }
  let latest = versions().at(-1);
  const began = azure.clock.now();
  let minted = 0;
  let storable = false;
  // Drift begins with a dead value, and another team's secret holds what it likes.
  let named = latest !== undefined && scenario.name !== "drift" && scenario.name !== "foreign";

  const checkNamed = () => {
    const now = versions().at(-1);
    if (now === undefined) return;
    const isLive = now.enabled && Object.values(azure.liveKeys(armId)).includes(now.value);
    if (named && !isLive) violations.push("promise 1: the vault names a dead key");
    named ||= isLive;
  };

  const onWrite = (call: Call) => {
    if (!call.effect) return;
    const now = azure.clock.now();
    if (call.operation === "regenerateAuthKey") {
      minted += 1;
      const killed = [...(runtime?.keys.authKey1 ?? []), ...(runtime?.keys.authKey2 ?? [])].filter(
        ({ diedAt }) => diedAt !== undefined,
      );
      const last = killed.toSorted((a, b) => (a.diedAt ?? 0) - (b.diedAt ?? 0)).at(-1);
      const since = last && supersededAt.get(last.value);
      if (scenario.name !== "compromise" && since !== undefined && now - since < OVERLAP_MS) {
        violations.push("promise 2: a superseded key died within the overlap");
      }
      if (!storable) violations.push("promise 3: regenerated before the vault took a write");
      if (minted > scenario.mints) violations.push(`promise 4: ${minted} keys were regenerated`);
    } else {
      storable = true;
      if (scenario.name === "foreign") violations.push("promise 8: another team's secret was written");
    }
    const newest = versions().at(-1);
    if (newest !== latest) {
      if (latest && latest.value !== newest?.value) supersededAt.set(latest.value, now);
      latest = newest;
    }
    checkNamed();
  };

  const resource = id;
  const injected = azure.faults.inject({
    operation: WRITES,
    resource,
    times: Number.POSITIVE_INFINITY,
    when: "after",
    fault: onWrite,
  });
  return {
    violations,
    get minted() {
      return minted;
    },
    finish() {
      checkNamed();
      if (scenario.name === "foreign") {
        if (versions().length !== before.size)
          violations.push("promise 8: another team's secret has new versions");
        return;
      }
      if (!named) violations.push("promise 5: the vault names no live key in the end");
      const stored = new Set(versions().map(({ value }) => value));
      const keys = [...(runtime?.keys.authKey1 ?? []), ...(runtime?.keys.authKey2 ?? [])];
      const lost = keys.filter(
        ({ value, bornAt, diedAt }) => bornAt > began && diedAt !== undefined && !stored.has(value),
      );
      if (lost.length > 0)
        violations.push("promise 4: a regenerated value died without ever being published");
    },
    remove: () => injected.remove(),
  };
}
