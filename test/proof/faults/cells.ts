import { armKinds, blobKinds, type Kind, vaultKinds } from "./kinds.ts";
import { type Scenario, type Step, scenarios } from "./scenarios.ts";
import { statusKinds } from "./statusKinds.ts";

/** One fault at one call of one run. */
export interface Cell {
  /** Names the cell's own runtime and secret. */
  readonly id: string;
  readonly scenario: Scenario;
  readonly step: Step;
  readonly kind: Kind;
  readonly when: "before" | "after";
  readonly hit: "once" | "every try";
  /** Whose calls it strikes; undefined: those about the cell's own runtime. */
  readonly resource?: string;
  /** Whether the process is killed with it. */
  readonly kills?: boolean;
}

function kindsOf(step: Step): readonly Kind[] {
  if (step.operation.endsWith("Lease")) return blobKinds;
  if (step.operation === "getStatus") return statusKinds;
  return /Runtime|AuthKey/.test(step.operation) ? armKinds : vaultKinds;
}

/** Every fault at every step; after the effect only where there is one, twice only where a second try may help. */
export function allCells(): readonly Cell[] {
  const cells = scenarios.flatMap((scenario) =>
    scenario.steps.flatMap((step) =>
      kindsOf(step).flatMap((kind) => {
        const moments =
          step.writes && !kind.isForeign ? (["before", "after"] as const) : (["before"] as const);
        const retried = kind.passes && step.operation !== "regenerateAuthKey";
        const hits: readonly Cell["hit"][] = retried ? ["once", "every try"] : ["every try"];
        return moments.flatMap((when) => hits.map((hit) => ({ scenario, step, kind, when, hit })));
      }),
    ),
  );
  return cells.map((cell, index) => ({ ...cell, id: `c${String(index + 1).padStart(4, "0")}` }));
}

export function nameOf({ scenario, step, kind, when, hit }: Cell): string {
  return `${scenario.title} / ${step.name} / ${kind.name}, ${when} the effect, ${hit}`;
}
