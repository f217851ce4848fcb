import { type RuntimeConfig, secretNameOf } from "./runtimeEntry.ts";
import type { RuntimeId } from "./runtimeId.ts";
import type { RuntimePattern } from "./runtimePattern.ts";

/**
 * How a runtime is configured, wherever its id comes from: by the entry of its own, else by the first pattern that
 * covers it; undefined where nothing does.
 */
export function configFor(
  id: RuntimeId,
  { runtimes, patterns }: { runtimes: readonly RuntimeConfig[]; patterns: readonly RuntimePattern[] },
): RuntimeConfig | undefined {
  const own = runtimes.find((runtime) => runtime.id.key === id.key);
  if (own !== undefined) return own;
  const pattern = patterns.find((each) => covers(each, id));
  return pattern && foundRuntime(id, pattern);
}

/** A runtime that a pattern has found. As its id is checked like a configured one, so is the secret's name that it makes. */
export function foundRuntime(id: RuntimeId, { settings }: RuntimePattern): RuntimeConfig {
  return { id, secretName: secretNameOf(id), ...settings };
}

/** Whether a runtime is in a pattern's scope and not left out. */
export function covers({ scope, except }: RuntimePattern, id: RuntimeId): boolean {
  const isIn = (wanted: string | undefined, own: string) =>
    wanted === undefined || wanted.toLowerCase() === own.toLowerCase();
  return (
    isIn(scope.subscriptionId, id.subscriptionId) &&
    isIn(scope.resourceGroup, id.resourceGroup) &&
    isIn(scope.factory, id.parent) &&
    !except.has(id.key) &&
    !except.has(id.name.toLowerCase())
  );
}
