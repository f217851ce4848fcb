import type { Fault } from "../../../local/azure/faults.ts";
import type { FrontFault } from "./front.ts";
import { armKinds, blobKinds, type Kind, type TokenFault, vaultKinds } from "./kinds.ts";
import { type Scenario, type Step, scenarios } from "./scenarios.ts";

export type Hit = "once" | "every try";

/** One fault at one call of one run. */
export interface Cell {
  /** Names the cell's own runtime and secret. */
  readonly id: string;
  /** Its place in the table. */
  readonly order: number;
  readonly scenario: Scenario;
  readonly step: Step;
  readonly kind: Kind<Fault> | Kind<FrontFault> | Kind<TokenFault> | Kind<undefined>;
  readonly when: "before" | "after";
  readonly hit: Hit;
}

export function isBlob({ operation }: Step): boolean {
  return /Lease$/.test(operation);
}

function kindsOf(step: Step): readonly (Kind<Fault> | Kind<FrontFault>)[] {
  if (isBlob(step)) return blobKinds;
  return /Runtime|AuthKey/.test(step.operation) ? armKinds : vaultKinds;
}

/** Every fault at every step; after the effect only where there is one, twice only where a second try may help. */
export function allCells(): readonly Cell[] {
  const cells = scenarios.flatMap((scenario) =>
    scenario.steps.flatMap((step) =>
      kindsOf(step).flatMap((kind) =>
        (step.writes ? (["before", "after"] as const) : (["before"] as const)).flatMap((when) => {
          const retried = kind.passes && step.operation !== "regenerateAuthKey";
          const hits: readonly Hit[] = retried ? ["once", "every try"] : ["every try"];
          return hits.map((hit) => ({ scenario, step, kind, when, hit }));
        }),
      ),
    ),
  );
  return cells.map((cell, index) => ({
    ...cell,
    order: index,
    id: `c${String(index + 1).padStart(4, "0")}`,
  }));
}

/** What of a cell and its result goes into the table. */
export interface Row extends Pick<Cell, "when" | "hit" | "order"> {
  readonly scenario: string;
  readonly step: string;
  readonly kind: string;
}

export function rowOf({ scenario, step, kind, when, hit, order }: Cell): Row {
  return { order, scenario: scenario.title, step: step.name, kind: kind.name, when, hit };
}

export function nameOf({ scenario, step, kind, when, hit }: Row): string {
  return `${scenario} / ${step} / ${kind}, ${when} the effect, ${hit}`;
}
