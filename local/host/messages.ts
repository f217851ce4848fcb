/** What the mini host and its parent tell each other. */
import type { Begun, Invocation, LogLine } from "./functionApp.ts";
import type { HostKeys } from "./keys.ts";

/** How the parent wants the host, told as the JSON of its first argument. */
export interface HostPlan {
  /** The folder as it would be deployed: `host.json`, `package.json` with `main`. */
  folder: string;
  /** The first port to try; 0 takes any free one. */
  port: number;
  keys: HostKeys;
  /** Whether timers fire by their schedule; without it they only run when they are told to. */
  timers: boolean;
}

export type ToHost =
  /** Runs a function as a timer would; the answer is an `invoked` with the same `run`. */
  { type: "run"; run: number; name: string } | { type: "stop" };

export type FromHost =
  | { type: "started"; port: number; functions: string[]; problems: string[] }
  | { type: "logged"; invocation: Begun; line: LogLine }
  | { type: "invoked"; run: number | undefined; invocation: Invocation };
