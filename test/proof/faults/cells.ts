import { armKinds, blobKinds, type Kind, statusKinds, tokenKinds, vaultKinds } from "./kinds.ts";
import { type Scenario, type Step, scenarios } from "./scenarios.ts";

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
}

const steps = scenarios.flatMap((scenario) => scenario.steps.map((step) => ({ scenario, step })));
const momentsOf = (writes: boolean) => (writes ? (["before", "after"] as const) : (["before"] as const));

/** Every fault at every step; after the effect only where there is one, twice only where a second try may help. */
export const faultCells: readonly Cell[] = steps
  .flatMap(({ scenario, step }) =>
    kindsOf(step).flatMap((kind) => {
      const moments = momentsOf(step.writes && !kind.isForeign);
      const retried = kind.passes && step.operation !== "regenerateAuthKey";
      const hits = retried ? (["once", "every try"] as const) : (["every try"] as const);
      return moments.flatMap((when) => hits.map((hit) => ({ scenario, step, kind, when, hit })));
    }),
  )
  .map((cell, index) => ({ ...cell, id: `c${String(index + 1).padStart(4, "0")}` }));

function kindsOf({ operation }: Step): readonly Kind[] {
  if (operation.endsWith("Lease")) return blobKinds;
  if (operation === "getStatus") return statusKinds;
  return /Runtime|AuthKey/.test(operation) ? armKinds : vaultKinds;
}

/** SIGKILL at every call, as it arrives or when its work is done. */
export const killCells: readonly Cell[] = steps.flatMap(({ scenario, step }, index) => {
  const kind: Kind = { name: "the process is killed", fault: "reset", reasons: ["killed"] };
  return momentsOf(step.writes).map((when): Cell => {
    return { id: `kill${index}${when}`, scenario, step, kind, when, hit: "once" };
  });
});

const AUDIENCES = {
  "https://vault.azure.net": "asking for the vault's token",
  "https://management.azure.com": "asking for Azure Resource Manager's token",
  "https://storage.azure.com": "asking for the storage account's token",
};

/** Every fault of the identity endpoint, when it has made a token. */
export const tokenCells: readonly Cell[] = Object.entries(AUDIENCES).flatMap(([resource, name]) => {
  const step: Step = { name, operation: "token", attempt: 1, writes: false, reasons: [] };
  const same = { scenario: scenarios[0]!, step, when: "after", hit: "every try", resource } as const;
  return tokenKinds.map((kind, index) => ({ ...same, kind, id: `token${resource.length}x${index}` }));
});

/** What goes wrong, and at which call. */
export function nameOf(cell: Cell): string {
  return `${callOf(cell)}: ${faultOf(cell)}`;
}

export function callOf({ scenario, step }: Cell): string {
  return `${scenario.title}: ${step.name}`;
}

export function faultOf({ step, kind, when, hit }: Cell): string {
  const isAfter = step.writes && when === "after";
  const how = [isAfter ? "after the effect" : "", hit === "once" ? "once" : ""].filter(Boolean);
  return how.length > 0 ? `${kind.name} (${how.join(", ")})` : kind.name;
}
