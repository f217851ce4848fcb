/** Parses JSON, and says where a text stops being JSON. */
import { quote } from "./quote.ts";

type ParsedJson = { readonly value: unknown } | { readonly problem: string };

/** Unlike the engine's own messages, the problem always has a place and never quotes more than one character. */
export function parseJson(text: string): ParsedJson {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: `not valid JSON: ${describeMistake(text)}` };
  }
}

function describeMistake(text: string): string {
  const good = text.slice(0, lengthOfGoodPart(text));
  const lines = good.split(/\r\n|\r|\n/);
  const place = `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
  const next = text.codePointAt(good.length);
  return next === undefined
    ? `it ends too early, at ${place}`
    : `unexpected ${quote(String.fromCodePoint(next))} at ${place}`;
}

/** The length of the longest beginning of the text that could still become valid JSON. */
function lengthOfGoodPart(text: string): number {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (couldGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

/** Only some of the engine's messages have a position, but all say whether the text was merely too short. */
function couldGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const position = /at position (\d+)/.exec(message)?.[1];
    return position === undefined
      ? message.startsWith("Unexpected end")
      : Number(position) >= beginning.length;
  }
}
