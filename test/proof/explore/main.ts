/**
 * `node test/proof/explore/main.ts`: every interleaving within the full bounds, in two processes; `--small`
 * within the bounds of `npm test`; `--deep` beyond them, in about an hour; `--first` stops at the first broken
 * promise; `--replay "SCENARIO | PATH"` tells one path again, step by step, as a violation prints it.
 */
import { parseArgs } from "node:util";
import { DEEP, FULL, SMALL } from "./bounds.ts";
import { describe } from "./describe.ts";
import { exploreAll } from "./exploreAll.ts";
import { exploreShare } from "./exploreShare.ts";
import { scenarioNamed } from "./scenarios.ts";

const { values } = parseArgs({
  options: {
    small: { type: "boolean" },
    deep: { type: "boolean" },
    first: { type: "boolean" },
    replay: { type: "string" },
  },
});
if (values.replay !== undefined) {
  const [name = "", path = ""] = values.replay.split(" | ");
  const scenario = await scenarioNamed(name);
  console.log(await describe({ scenario, violation: undefined, path: path.split(" ") }));
} else {
  const bounds = values.small ? SMALL : values.deep ? DEEP : FULL;
  const figures = values.first
    ? await exploreShare(bounds, { part: 0, parts: 1 }, (violations) => violations > 0)
    : await exploreAll(bounds);
  const { violations, scenarios, states, steps, ends, distinctEnds, histories } = figures;
  for (const violation of violations) console.log(`${violation}\n`);
  console.log(
    `exploration: ${scenarios} scenarios, ${states} states, ${steps} steps, ${ends} ends (${distinctEnds} told apart), ${histories} histories executed, ${violations.length} promises broken`,
  );
  process.exitCode = violations.length > 0 ? 1 : 0;
}
