import { readFileSync } from "node:fs";
import type { Noticer } from "./tryMutation.ts";

/** A deliberate mistake in the production code: what the text is that it replaces, and by what. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Who is asked, the quickest first. */
  readonly noticedBy: readonly Noticer[];
}

/**
 * Each is one thing that somebody could get wrong, or think unnecessary, and that StrykerJS does not try: where all
 * that is wrong is a condition, a comparison or a block left out, `npm run mutate` makes the mistake.
 */
export const mutations = readFileSync(new URL("mistakes.diff", import.meta.url), "utf8")
  .split(/^# /m)
  .slice(1)
  .map((section): Mutation => {
    const [title = "", ...lines] = section.trimEnd().split("\n");
    const [name = "", file = "", noticers = ""] = title.split(" | ");
    const marked = (mark: string) =>
      lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(2));
    const [find, replace] = [marked("- ").join("\n"), marked("+ ").join("\n")];
    return { name, file: `src/${file}.ts`, find, replace, noticedBy: noticers.split(", ") as Noticer[] };
  });
