import type { Facts } from "./facts.ts";
import { quietTick } from "./quietTick.ts";
import type { Stage } from "./stage.ts";

/**
 * Ticks that nobody disturbs, in one process: two leave every runtime healthy, and a third does nothing. The
 * services' clock stands still meanwhile, so that nothing becomes due between them.
 */
export async function calm(stage: Stage, slot: number): Promise<void> {
  const { azure, judge, facts } = stage;
  const process = stage.process(slot);
  azure.clock.stop();
  await quietTick(stage, slot);
  const second = await quietTick(stage, slot);
  if (second.how !== "answered") judge.violate(process.name, 5, "the second tick fails");
  for (const each of facts.values()) {
    for (const problem of problemsOf(stage, each)) {
      judge.violate(process.name, 5, `after two ticks, ${each.runtime.name} ${problem}`);
    }
  }
  if ((await process.states()).some((state) => state !== "healthy"))
    judge.violate(process.name, 5, "after two ticks, the status does not say that all are healthy");
  stage.written.clear();
  const third = await quietTick(stage, slot);
  if (stage.written.size > 0 || third.runtimes.some(({ outcome }) => outcome !== "kept"))
    judge.violate(process.name, 5, "the third tick still finds something to do");
  azure.clock.resume();
}

function* problemsOf({ judge }: Stage, facts: Facts): Generator<string> {
  const { latest, live, runtime, now } = facts;
  if (latest === undefined) {
    yield "has no secret";
    return;
  }
  const { CredentialId: key, ProviderAddress, ValidityPeriodDays } = latest.tags;
  if (!latest.enabled || !facts.isLive(latest.value)) yield "names a dead key";
  if ((key !== "authKey1" && key !== "authKey2") || live[key] !== latest.value) yield "tells the wrong key";
  if (ProviderAddress !== runtime.id || ValidityPeriodDays !== `${runtime.validityDays}`)
    yield "has a wrong tag";
  const validFor = (latest.expires ?? 0) - latest.created;
  if (Math.abs(validFor - runtime.validityDays * 86_400) > 60) yield "expires at the wrong time";
  if (facts.isDue || (latest.expires ?? 0) * 1000 < now) yield "is still due";
  if (facts.owesCompromise) yield "still owes a compromise";
  for (const value of judge.unpublished(facts)) yield `has not published ${facts.nameOf(value)}`;
}
