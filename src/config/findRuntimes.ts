/** Finds the runtimes that a caller names: by ARM id, by secret name or by runtime name, in any case. */
import type { Config } from "./config.ts";
import { configFor } from "./foundRuntime.ts";
import { Refusal } from "./problems.ts";
import type { RuntimeConfig } from "./runtimeEntry.ts";
import { parseRuntimeId } from "./runtimeId.ts";
import type { RuntimePattern } from "./runtimePattern.ts";

export interface NamedRuntimes {
  /** Each once, in the order of the names. */
  readonly runtimes: readonly RuntimeConfig[];
  /** Names that several runtimes have, with those runtimes. */
  readonly ambiguous: ReadonlyMap<string, readonly RuntimeConfig[]>;
  /** Names that no runtime has. */
  readonly unknown: ReadonlySet<string>;
  /** False if a pattern may find further runtimes with one of the names: only an ARM id belongs to one alone. */
  readonly isComplete: boolean;
}

export function findRuntimes(
  names: Iterable<string>,
  { runtimes, patterns }: Pick<Config, "runtimes" | "patterns">,
): NamedRuntimes {
  const byName = runtimesByName(runtimes);
  // By id, because each name for a runtime of a pattern makes a new object.
  const found = new Map<string, RuntimeConfig>();
  const ambiguous = new Map<string, readonly RuntimeConfig[]>();
  const unknown = new Set<string>();
  let isComplete = true;
  for (const name of names) {
    const all = byName.get(name.toLowerCase()) ?? coveredBy(name, patterns);
    const [runtime] = all;
    if (runtime === undefined) unknown.add(name);
    else if (all.length > 1) ambiguous.set(name, all);
    else found.set(runtime.id.key, runtime);
    isComplete &&= patterns.length === 0 || name.includes("/");
  }
  return { runtimes: [...found.values()], ambiguous, unknown, isComplete };
}

/** Runtimes by every name that a caller may use, in lower case; several may share one. */
function runtimesByName(runtimes: readonly RuntimeConfig[]): ReadonlyMap<string, readonly RuntimeConfig[]> {
  const byName = new Map<string, RuntimeConfig[]>();
  for (const runtime of runtimes) {
    const { id, secretName } = runtime;
    for (const name of new Set([id.key, id.name.toLowerCase(), secretName.toLowerCase()])) {
      const others = byName.get(name);
      if (others === undefined) byName.set(name, [runtime]);
      else others.push(runtime);
    }
  }
  return byName;
}

/** The runtime with this ARM id if a pattern covers it, whether or not it exists. */
function coveredBy(name: string, patterns: readonly RuntimePattern[]): readonly RuntimeConfig[] {
  const id = parseRuntimeId(name);
  if (id === undefined || id instanceof Refusal) return [];
  const config = configFor(id, { runtimes: [], patterns });
  return config === undefined ? [] : [config];
}
