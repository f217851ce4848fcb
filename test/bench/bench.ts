/**
 * `npm run bench`: what start-up and ticks take, as ratios within one run, because machines are noisy; `-- startUp` and
 * `-- fleets` each alone. Nothing else should run meanwhile.
 */
import { benchFleets } from "./fleets.ts";
import { benchStartUp } from "./startUp.ts";

const sections: Readonly<Record<string, () => Promise<boolean>>> = {
  startUp: benchStartUp,
  fleets: benchFleets,
};
const asked = process.argv.slice(2);
let holds = true;
for (const [name, bench] of Object.entries(sections)) {
  if (asked.length === 0 || asked.includes(name)) holds = (await bench()) && holds;
}
process.exitCode = holds ? 0 : 1;
