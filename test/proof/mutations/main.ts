/**
 * `node test/proof/mutations/main.ts` makes every deliberate mistake in a copy of the project, and prints who noticed
 * it first; `--table FILE` asks everybody and writes who notices what, which takes hours; `--only TEXT` takes those
 * whose name has it.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import pLimit from "p-limit";
import { mutations } from "./mutations.ts";
import { noticers, tryMutation } from "./tryMutation.ts";

const { values } = parseArgs({ options: { table: { type: "string" }, only: { type: "string" } } });
const chosen = mutations.filter(({ name }) => name.includes(values.only ?? ""));
const tried = await pLimit(2).map(chosen, async (mutation) => {
  const noticed = await tryMutation(mutation, values.table !== undefined);
  const told = [...noticed].map(([by, how]) => `${by}, ${how}`).join("; ");
  console.log(`${mutation.name}: ${told || "NOT NOTICED"}`);
  return { mutation, noticed };
});
if (values.table) {
  const rows = tried.map(({ mutation: { name, file }, noticed }) => {
    const marks = noticers.map((noticer) => (noticed.has(noticer) ? "×" : ""));
    const how = [...noticed.values()][0] ?? "**nothing**";
    return `| ${[name, `\`${file}\``, ...marks, how.replaceAll("|", "\\|")].join(" | ")} |`;
  });
  const columns = ["mistake", "in", ...noticers, "how, first"];
  await writeFile(
    values.table,
    [`| ${columns.join(" | ")} |`, `|${" --- |".repeat(columns.length)}`, ...rows, ""].join("\n"),
  );
}
const missed = tried.filter(({ noticed }) => noticed.size === 0).length;
console.log(`mutations: ${tried.length} tried, ${missed} not noticed`);
process.exitCode = missed > 0 ? 1 : 0;
