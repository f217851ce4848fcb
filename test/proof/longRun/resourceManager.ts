import { armSpender, spend } from "../../../local/azure/model/budgets.ts";
import { OutOfTimeError, ServiceError } from "../../../src/errors.ts";
import type { RequestAnswer, RuntimeSource, ScopeListing } from "../../../src/services.ts";
import { memoryServices } from "../../support/memoryServices.ts";
import { errorOf } from "../../support/serviceErrors.ts";
import type { Instance, Run } from "./runs.ts";

/** Longer than a spent bucket takes to fill again. */
const REFILLED_MS = 30_000;

/** One request of the app to Azure Resource Manager, which keeps for each subscription what it answers. */
export function armRequest({ world, instance }: Run, subscription: string, kind: "read" | "write") {
  const { random, azure, records, othersUntil, throttledAt, askedAt } = world;
  let told: RequestAnswer = { remaining: undefined, throttled: false, retryAfterMs: undefined };
  instance.pace.sent(subscription, kind);
  const limit = kind === "read" ? "armReads" : "armWrites";
  const take = () => spend(azure.budgets, limit, armSpender(subscription, "the app"), world.now);
  return {
    /** Whether it is one too many. Others may have spent what it needs; where nobody did, no request may be that. */
    arrives(): boolean {
      const { now, calm } = world;
      const until = othersUntil.get(subscription) ?? 0;
      // Others often come first.
      if (until > now && !calm && random.chance(0.2)) while (take() !== undefined);
      const remaining = take();
      const asked = askedAt.get(subscription) ?? new Map<Instance, number>();
      askedAt.set(subscription, asked.set(instance, now));
      told = { ...told, remaining: remaining ?? 0 };
      if (remaining !== undefined) return false;
      told = { ...told, retryAfterMs: random.pick([undefined, 1000, 5000, 10_000, 30_000, 60_000]) };
      throttledAt.set(subscription, now);
      instance.troubledAt = now;
      const isRecent = (at: number) => at >= now - REFILLED_MS;
      if (isRecent(until)) world.count("throttled: by others");
      // Another process of the app is somebody else too.
      else if ([...asked.values()].filter(isRecent).length > 1) world.count("throttled: by another instance");
      else world.fail(records[0]!, "the app is throttled, and nobody else spends anything");
      return true;
    },
    /** Its answer comes, of which the instance is told. */
    answered(status: number | undefined): void {
      instance.pace.answered(subscription, kind, { ...told, throttled: status === 429 });
    },
  };
}

const STATUSES = [403, 404, 429, 500, 502, 503, 504, undefined];

/** What a run is told of its scopes: page by page as they are at that moment, until one fails. */
export function sourceOf(run: Run): RuntimeSource {
  const { azure, leases, records, config } = run.world;
  const { runtimeSource } = memoryServices({ state: azure, leases, now: () => run.world.now });
  return {
    async list(scope, limit) {
      const runtimes: ScopeListing["runtimes"][number][] = [];
      const failures: ScopeListing["failures"][number][] = [];
      // Small, so that runtimes come and go between two pages; of a large app not so small that hardly a list ends.
      const pageSize = Math.max(2, Math.ceil(records.length / 15));
      try {
        // Its factories are listed first, where there may be several.
        if (scope.factory === undefined) await request(run, scope.subscriptionId, (await limit()).timeoutMs);
        for (let more = true; more; ) {
          await request(run, scope.subscriptionId, (await limit()).timeoutMs);
          const all = (await runtimeSource.list(scope, limit)).runtimes;
          const last = runtimes.at(-1)?.id.key ?? "";
          const rest = all.filter(({ id }) => id.key > last);
          runtimes.push(...rest.slice(0, pageSize));
          more = rest.length > pageSize;
        }
      } catch (error) {
        if (!(error instanceof ServiceError || error instanceof OutOfTimeError)) throw error;
        failures.push(error);
      }
      const isEmpty = !runtimes.some(({ kind }) => kind === "self-hosted");
      const found = runtimes.map(({ id }) => id.key);
      const pattern = config.patterns.find((one) => one.scope === scope)!.text;
      run.listed.push({ pattern, found, failed: failures.length > 0 || isEmpty });
      return { runtimes, failures };
    },
  };
}

/** One request for a page. */
function request(run: Run, subscription: string, timeoutMs: number): Promise<void> {
  const { world, instance } = run;
  const sent = armRequest(run, subscription, "read");
  const { calm, outage, now, random } = world;
  const isOut = outage?.of === "Azure Resource Manager" && outage.until > now;
  const failure = isOut ? outage : random.chance(0.02) ? { status: random.pick(STATUSES) } : undefined;
  const fault = calm ? undefined : failure;
  const isSilent = fault !== undefined && fault.status === undefined;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const answer = () => {
    if (instance.isDead) return;
    const isThrottled = sent.arrives();
    const status = isThrottled ? 429 : fault?.status;
    if (!isSilent) sent.answered(status);
    if (!fault && !isThrottled) return resolve();
    world.count("fault: a list");
    instance.troubledAt = world.now;
    // A list is a read of the same service.
    reject(errorOf("getKind", status));
  };
  world.in(isSilent ? timeoutMs : Math.min(random.between(20, 500), timeoutMs), answer, true);
  return promise;
}
