/** Finds the configuration for a runtime's id: its own entry, or the first pattern that covers it. */
import { type RuntimeConfig, secretNameOf } from "./runtimeEntry.ts";
import type { RuntimeId } from "./runtimeId.ts";
import type { RuntimePattern } from "./runtimePattern.ts";

/** The configuration of a runtime, wherever its id comes from; undefined if nothing covers it. */
export function configFor(
  id: RuntimeId,
  { runtimes, patterns }: { runtimes: readonly RuntimeConfig[]; patterns: readonly RuntimePattern[] },
): RuntimeConfig | undefined {
  const own = runtimes.find((runtime) => runtime.id.key === id.key);
  if (own !== undefined) return own;
  const pattern = patterns.find((each) => covers(each, id));
  return pattern && foundRuntime(id, pattern);
}

/** The configuration of a runtime that a pattern found. Its id is valid, so the secret's name made from it is valid too. */
export function foundRuntime(id: RuntimeId, { settings }: RuntimePattern): RuntimeConfig {
  return { id, secretName: secretNameOf(id), ...settings };
}

/** Whether a runtime is in a pattern's scope and not left out. */
export function covers({ scope, except }: RuntimePattern, id: RuntimeId): boolean {
  const matches = (wanted: string | undefined, own: string) =>
    wanted === undefined || wanted.toLowerCase() === own.toLowerCase();
  return (
    matches(scope.provider, id.provider) &&
    matches(scope.subscriptionId, id.subscriptionId) &&
    matches(scope.resourceGroup, id.resourceGroup) &&
    matches(scope.factory, id.parent) &&
    !except.has(id.key) &&
    !except.has(id.name.toLowerCase())
  );
}
