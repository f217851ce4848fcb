import { inspect } from "node:util";

/** Everything of a thing that inspection can reach, getters and hidden parts included. */
export function everythingOf(thing: unknown): string {
  const all = { showHidden: true, depth: null, getters: true, maxArrayLength: null, maxStringLength: null };
  const printed = [inspect(thing, all), inspect(thing, { ...all, customInspect: false }), String(thing)];
  return [...printed, JSON.stringify(thing), thing instanceof Error ? thing.stack : ""].join("\n");
}
