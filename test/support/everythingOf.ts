import { inspect } from "node:util";
import { findCanaries } from "./canaries.ts";

/** Everything of a thing that inspection can reach, getters and hidden parts included. */
export function everythingOf(thing: unknown, depth: number | null = null): string {
  const all = { showHidden: true, depth, getters: true, maxArrayLength: null, maxStringLength: null };
  const printed = [inspect(thing, all), inspect(thing, { ...all, customInspect: false }), String(thing)];
  return [...printed, JSON.stringify(thing), thing instanceof Error ? thing.stack : ""].join("\n");
}

/** Whether a key or a token is anywhere in it. What an SDK throws has so much below that one looks there last. */
export function holdsCanaries(thing: unknown): boolean {
  return [8, null].some((depth) => findCanaries(everythingOf(thing, depth)).length > 0);
}
