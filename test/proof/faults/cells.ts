import { type Kind, kindsAt } from "./kinds.ts";
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
}

/** Every fault at every step. */
export const allCells: readonly Cell[] = scenarios
  .flatMap((scenario) => scenario.steps.map((step) => ({ scenario, step })))
  .flatMap((at) => kindsAt(at.step.operation).map((kind) => ({ ...at, kind })))
  .flatMap((at) => momentsOf(at).map((when) => ({ ...at, when })))
  .flatMap((at) => hitsOf(at).map((hit) => ({ ...at, hit })))
  .map((at, index) => ({ ...at, id: `c${String(index + 1).padStart(4, "0")}` }));

/** After the effect only where there is one; a token is always made, and it is its answer that something befalls. */
function momentsOf({ step, kind }: Pick<Cell, "step" | "kind">): readonly Cell["when"][] {
  if (step.operation === "token") return ["after"];
  const writes = /regenerate|set|update|acquire|renew|release/.test(step.operation);
  return writes && !kind.isForeign ? ["before", "after"] : ["before"];
}

/** Once, too, only where a second try may help. */
function hitsOf({ step, kind }: Pick<Cell, "step" | "kind">): readonly Cell["hit"][] {
  if (kind.kills) return ["once"];
  return kind.passes && step.operation !== "regenerateAuthKey" ? ["once", "every try"] : ["every try"];
}

/** At which call, and what goes wrong. */
export function namesOf({ scenario, step, kind, when, hit }: Cell): { call: string; fault: string } {
  const isAfter = when === "after" && step.operation !== "token";
  const how = [isAfter ? "after the effect" : "", hit === "once" ? "once" : ""].filter(Boolean);
  const fault = how.length > 0 ? `${kind.name} (${how.join(", ")})` : kind.name;
  return { call: `${scenario.title}: ${step.name}`, fault };
}
