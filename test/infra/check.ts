/** `npm run infra`: has the Bicep compiler check `infra/`. With `--update`, formats it and writes its snapshots. */
import { Bicep } from "./bicep.ts";
import { findBicep } from "./findBicep.ts";
import { check } from "./template.ts";

const found = await findBicep();
if ("missing" in found) {
  console.error(`infra: not checked, ${found.missing}`);
  process.exit(process.env.CI ? 1 : 0);
}
await using bicep = new Bicep(found.path);
const { problems, advice } = await check(bicep, { update: process.argv.includes("--update") });
for (const line of advice) console.log(`for the next change: ${line}`);
for (const problem of problems) console.error(problem);
console.log(`infra: ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
