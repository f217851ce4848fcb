/**
 * `node test/proof/mutations/main.ts` makes every deliberate mistake in a copy of the project, and prints what
 * caught it; with `--write` the table goes into docs/proof.md.
 */
import { readFile, writeFile } from "node:fs/promises";
import { renderTried, tryAll } from "./tryAll.ts";

const tried = await tryAll(({ mutation, caught }) => {
  console.log(`${mutation.name}: ${caught ? `${caught.by}, ${caught.how}` : "NOT CAUGHT"}`);
});
if (process.argv.includes("--write")) {
  const page = new URL("../../../docs/proof.md", import.meta.url);
  const text = await readFile(page, "utf8");
  const between = /(<!-- mutations -->\n).*?(\n?<!-- end -->)/s;
  if (!between.test(text)) throw new Error("docs/proof.md has no place for the table");
  await writeFile(
    page,
    text.replace(between, (_, begin, end) => `${begin}${renderTried(tried)}${end}`),
  );
}
const missed = tried.filter(({ caught }) => caught === undefined).length;
console.log(`mutations: ${tried.length} tried, ${missed} not caught`);
process.exitCode = missed > 0 ? 1 : 0;
