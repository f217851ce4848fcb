import type { Cell } from "./cells.ts";
import { type CellResult, runCell } from "./runCell.ts";
import { type Scenario, type Step, scenarios, steady } from "./scenarios.ts";
import type { Stage } from "./stage.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const step: Step = { name: "the whole run", operation: "unknown", attempt: 1, writes: false };

/** An age five minutes off the border is decided wrongly by whoever goes by a clock that is ten minutes off. */
function border(
  title: string,
  request: Scenario["request"],
  ageMs: number,
  usual: Scenario["usual"],
): Scenario {
  return {
    name: "border",
    title,
    request,
    prepare: (azure, id) => steady(azure, id, ageMs / DAY_MS),
    usual,
    mints: /not-due|within/.test(usual) ? 0 : 1,
    steps: [step],
  };
}

const borders = [
  border("Due since five minutes", "timer", 30 * DAY_MS + 5 * MINUTE_MS, "due"),
  border("Due in five minutes", "timer", 30 * DAY_MS - 5 * MINUTE_MS, "not-due"),
  border("Asked for, five minutes after the overlap", "on-demand", DAY_MS + 5 * MINUTE_MS, "on-demand"),
  border("Asked for, five minutes before its end", "on-demand", DAY_MS - 5 * MINUTE_MS, "within-overlap"),
  ...scenarios.filter(({ name }) => name === "first-contact" || name === "drift"),
];

/** The app's clock wrong by ten minutes, either way: the services are what moves here. */
export async function skewedCells(
  stage: Stage,
  tell: (cell: Cell, result: CellResult) => void,
): Promise<void> {
  for (const [name, minutes] of [
    ["the app's clock is ten minutes slow", 10],
    ["the app's clock is ten minutes fast", -10],
  ] as const) {
    stage.azure.clock.reset();
    stage.azure.clock.advance(minutes * MINUTE_MS);
    for (const [index, scenario] of borders.entries()) {
      const kind = { name, fault: undefined, reasons: [] };
      const id = `skew${minutes > 0 ? "a" : "b"}${index}`;
      const order = 20_000 + index;
      const cell: Cell = { id, order, scenario, step, kind, when: "before", hit: "every try" };
      tell(cell, await runCell(cell, stage, () => () => {}));
    }
  }
}
