import type { MemoryOperation } from "../../support/memoryServices.ts";
import { errorOf } from "../../support/serviceErrors.ts";
import { type Answer, keyOfAnswer, VersionsRefused } from "./execution.ts";
import { stage } from "./stage.ts";
import type { Excuse, World } from "./world.ts";

/** What can go wrong for a moment when two writers do not know of each other. */
export const UNLOCKED: readonly Excuse[] = [1, 2, 3, 4, 5, 6, 10];

/** Puts a world on the stage, lets an effect happen there, and takes the world that it leaves. */
export function perform(world: World, effect: () => unknown, slot: number) {
  stage.load(world, slot);
  let value: unknown;
  let error: Error | undefined;
  try {
    value = effect();
  } catch (thrown) {
    error = thrown as Error;
  }
  const after = stage.save(world);
  const usedStale = world.staleNext && !after.staleNext;
  return { after: usedStale ? excuse(after, [1, 4, 10, "verified"]) : after, value, error };
}

export function answerOf(
  operation: MemoryOperation,
  value: unknown,
  error: Error | undefined,
): Omit<Answer, "now"> {
  if (error instanceof VersionsRefused) return failure(operation, 403);
  if (error) return { key: `failed ${error.message}`, error };
  return { key: keyOfAnswer(value), value };
}

export function failure(operation: MemoryOperation, status: number | undefined): Omit<Answer, "now"> {
  return { key: `failed ${status}`, error: errorOf(operation, status) };
}

export function excuse(world: World, excuses: readonly Excuse[]): World {
  return { ...world, excuses: [...new Set([...world.excuses, ...excuses])].sort() };
}
