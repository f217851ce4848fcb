/**
 * `node test/proof/mutations/main.ts` makes every deliberate mistake in a copy of the project, and prints who noticed
 * it first; `--table FILE` asks everybody and writes who notices what, which takes hours; `--only TEXT` takes those
 * whose name has it.
 */
import { writeFile } from "node:fs/promises";
import pLimit from "p-limit";
import { conclude, options } from "../shared/options.ts";
import { mutations } from "./mutations.ts";
import { tryMutation } from "./tryMutation.ts";

const chosen = mutations.filter(({ name }) => name.includes(options.only ?? ""));
const tried = await pLimit(2).map(chosen, async (mutation) => {
  const noticed = await tryMutation(mutation, options.table !== undefined);
  const told = [...noticed].map(([by, how]) => `${by}, ${how}`).join("; ");
  console.log(`${mutation.name}: ${told || "NOT NOTICED"}`);
  return { mutation, noticed };
});
if (options.table) {
  const rows = tried.map(({ mutation: { name, file }, noticed }) => {
    const [how = "**nothing**"] = noticed.values();
    return `| ${name} | \`${file}\` | ${[...noticed.keys()].join(", ")} | ${how.replaceAll("|", "\\|")} |`;
  });
  const columns = ["| mistake | in | noticed by | how, first |", "| --- | --- | --- | --- |"];
  await writeFile(options.table, [...columns, ...rows, ""].join("\n"));
}
const missed = tried.filter(({ noticed }) => noticed.size === 0).length;
conclude(missed === 0, `mutations: ${tried.length} tried, ${missed} not noticed`);
