import { tokenOf } from "./errorBody.ts";

/** What is left of an error that may hold anything: its name, its code and where it was thrown. */
export function withoutContent(error: { name?: unknown; code?: unknown; stack?: unknown }): Error {
  const { name, code, stack } = error;
  const left = new Error(tokenOf(code) ?? "no code");
  left.name = tokenOf(name) ?? "Error";
  // A frame ends with its place: a line of the message that looks like one does not.
  const lines = typeof stack === "string" ? stack.split("\n") : [];
  const frames = lines.filter((line) => /^\s+at .+:\d+:\d+\)?$/.test(line));
  left.stack = [`${left.name}: ${left.message}`, ...frames].join("\n");
  return left;
}
