import { OutOfTimeError, ServiceError } from "../../../src/errors.ts";
import type { RuntimeSource, ScopeListing } from "../../../src/services.ts";
import { memoryServices } from "../../support/memoryServices.ts";
import { errorOf } from "../shared/serviceErrors.ts";
import { armRequest } from "./armRequest.ts";
import type { Run } from "./runs.ts";

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
