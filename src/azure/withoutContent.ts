/** Strips an error of everything that might be secret. */
import { tokenOf } from "./errorBody.ts";

/** Keeps the name, the code and where it was thrown. */
export function withoutContent(error: { name?: unknown; code?: unknown; stack?: unknown }): Error {
  const { name, code, stack } = error;
  const left = new Error(tokenOf(code) ?? "no code");
  left.name = tokenOf(name) ?? "Error";
  // A frame ends with line and column; a line of the message that looks like a frame does not.
  const lines = typeof stack === "string" ? stack.split("\n") : [];
  const frames = lines.filter((line) => /^\s+at .+:\d+:\d+\)?$/.test(line));
  left.stack = [`${left.name}: ${left.message}`, ...frames].join("\n");
  return left;
}
