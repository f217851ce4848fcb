/** Finds the runtimes of a run: those with an entry of their own, and those that patterns find. */
import pLimit from "p-limit";
import { type Clock, Stopwatch } from "../clock.ts";
import type { Config } from "../config/config.ts";
import { covers, foundRuntime } from "../config/foundRuntime.ts";
import { quote } from "../config/quote.ts";
import type { RuntimeConfig } from "../config/runtimeEntry.ts";
import type { RuntimePattern } from "../config/runtimePattern.ts";
import { RIGHTS_TO_LIST } from "../config/runtimePattern.ts";
import { secretUrl } from "../config/urls.ts";
import { OutOfTimeError } from "../errors.ts";
import type { ScopeProblem } from "../plan/runRequest.ts";
import type { CallLimit, ScopeListing, Services } from "../services.ts";
import { DISCOVERY_MS } from "../timeLimits.ts";
import { Deadline } from "./deadline.ts";
import { verdictOfError } from "./outcome.ts";
import type { Pace } from "./pace.ts";
import type { Lane } from "./slots.ts";

export interface Discovery {
  /** Those with an entry of their own first, then what each pattern found, in its order. */
  readonly runtimes: readonly RuntimeConfig[];
  readonly scopes: readonly ScopeProblem[];
  readonly discoveryMs: number;
}

export async function discover(
  { runtimes, patterns }: Config,
  services: Services,
  clock: Clock,
  pace: Pace,
  lane: Lane,
): Promise<Discovery> {
  const stopwatch = new Stopwatch(clock);
  const deadline = new Deadline(clock, DISCOVERY_MS);
  const listings = await pLimit(pace.slots.count).map(patterns, async (pattern) => ({
    pattern,
    listing: await listed(pattern, services, () =>
      pace.forRead(pattern.scope.subscriptionId, lane, deadline),
    ),
  }));
  const found = new Map(runtimes.map((config) => [config.id.key, config]));
  for (const { pattern, listing } of listings) {
    for (const { id, kind } of listing.runtimes) {
      if (kind !== "self-hosted" || found.has(id.key) || !covers(pattern, id)) continue;
      found.set(id.key, foundRuntime(id, pattern));
    }
  }
  const scopes = listings.flatMap(({ pattern, listing }) => [...problemsOf(pattern, listing)]);
  return { runtimes: withoutRivals([...found.values()]), scopes, discoveryMs: stopwatch.elapsed() };
}

async function listed(
  { scope }: RuntimePattern,
  { runtimeSource }: Services,
  limit: () => Promise<CallLimit>,
): Promise<ScopeListing & { readonly bug?: unknown }> {
  try {
    return await runtimeSource.list(scope, limit);
  } catch (error) {
    return { runtimes: [], failures: [], bug: error };
  }
}

const TOO_LONG = {
  reason: "unavailable",
  message: `listing took longer than the ${DISCOVERY_MS / 1000} s that a run allows; if this persists, replace the pattern by several narrower ones, which are listed in parallel`,
};

function* problemsOf(
  { text, except }: RuntimePattern,
  { runtimes, failures, bug }: ScopeListing & { readonly bug?: unknown },
): Generator<ScopeProblem> {
  const fail = (reason: string, message: string): ScopeProblem => ({
    scope: text,
    outcome: "failed",
    reason,
    message,
  });
  const error = bug ?? failures[0];
  const selfHosted = runtimes.filter(({ kind }) => kind === "self-hosted");
  if (error !== undefined) {
    const { reason, message } = error instanceof OutOfTimeError ? TOO_LONG : verdictOfError(error, false);
    const more = failures.length > 1 ? ` (and ${failures.length - 1} more failures)` : "";
    yield fail(reason, `${message}${more}; the runtimes that were found are still worked on`);
  } else if (selfHosted.length === 0) {
    yield fail(
      "unexpected-response",
      `nothing was found: Azure returns an empty list if the app's identity may not read; grant it ${RIGHTS_TO_LIST} there, or remove the pattern`,
    );
  }
  if (error !== undefined) return;
  for (const [key, name] of except) {
    if (runtimes.some(({ id }) => id.key === key || id.name.toLowerCase() === key)) continue;
    const message = `except: ${quote(name)} matches no runtime of this scope`;
    yield { scope: text, outcome: "warning", reason: undefined, message };
  }
}

/** Marks runtimes that map to the same secret, as `a-b` with `c` and `a` with `b-c` do. */
function withoutRivals(runtimes: readonly RuntimeConfig[]): readonly RuntimeConfig[] {
  const counts = new Map<string, number>();
  const key = (config: RuntimeConfig) => secretUrl(config).toLowerCase();
  for (const config of runtimes) counts.set(key(config), (counts.get(key(config)) ?? 0) + 1);
  return runtimes.map((config) =>
    (counts.get(key(config)) ?? 0) > 1 ? { ...config, hasRival: true } : config,
  );
}
