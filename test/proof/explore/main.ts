/**
 * `node test/proof/explore/main.ts`: every interleaving within the full bounds, in two processes; `--small`
 * within the bounds of `npm test`; `--deep` beyond them, in about an hour; `--first` stops at the first broken
 * promise; `--replay "SCENARIO | PATH"` tells one path again, step by step, as a violation prints it.
 */
import { conclude, options } from "../shared/options.ts";
import { DEEP, FULL, SMALL } from "./bounds.ts";
import { describe } from "./describe.ts";
import { exploreAll, exploreHere } from "./exploreAll.ts";
import { scenarioNamed } from "./scenarios.ts";

if (options.replay !== undefined) {
  const [name = "", path = ""] = options.replay.split(" | ");
  const scenario = await scenarioNamed(name);
  console.log(await describe({ scenario, violation: undefined, path: path.split(" ") }));
} else {
  const bounds = options.small ? SMALL : options.deep ? DEEP : FULL;
  const explored = await (options.first ? exploreHere(bounds, () => true, 1) : exploreAll(bounds));
  const { violations, scenarios, states, ends, histories } = explored;
  for (const violation of violations) console.log(`${violation}\n`);
  conclude(
    violations.length === 0,
    `exploration: ${scenarios} scenarios, ${states} states, ${ends} ends, ${histories} histories executed, ${violations.length} promises broken`,
  );
}
