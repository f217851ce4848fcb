import { OutOfTimeError, ServiceError } from "../../../src/errors.ts";
import type { RuntimeSource, ScopeListing } from "../../../src/services.ts";
import { memoryServices } from "../../support/memoryServices.ts";
import { errorOf } from "../shared/serviceErrors.ts";
import { armRequest } from "./requests.ts";
import type { Run } from "./runs.ts";
import type { World } from "./world.ts";

const FAILS = 0.02;
const STATUSES = [403, 404, 429, 500, 502, 503, 504, undefined];

/** What a run is told of its scopes: page by page as they are at that moment, until one fails. */
export function sourceOf(run: Run): RuntimeSource {
  const { world } = run;
  const { azure, leases, records } = world;
  const { runtimeSource } = memoryServices({ state: azure, leases, now: () => world.now });
  return {
    async list(scope, limit) {
      const runtimes: ScopeListing["runtimes"][number][] = [];
      const failures: ScopeListing["failures"][number][] = [];
      // Small, so that runtimes come and go between two pages; of a large app not so small that hardly a list ends.
      const pageSize = Math.max(2, Math.ceil(records.length / 15));
      const ask = async () => request(run, scope.subscriptionId, (await limit()).timeoutMs);
      try {
        // Its factories are listed first, where there may be several.
        if (scope.factory === undefined) await ask();
        for (let last = "", more = true; more; ) {
          await ask();
          const found = (await runtimeSource.list(scope, limit)).runtimes.filter(({ id }) => id.key > last);
          const page = found.slice(0, pageSize);
          runtimes.push(...page);
          last = page.at(-1)?.id.key ?? last;
          more = found.length > page.length;
        }
      } catch (error) {
        if (!(error instanceof ServiceError || error instanceof OutOfTimeError)) throw error;
        failures.push(error);
      }
      const isEmpty = !runtimes.some(({ kind }) => kind === "self-hosted");
      const found = runtimes.map(({ id }) => id.key);
      const pattern = world.config.patterns.find((one) => one.scope === scope)!.text;
      run.listed.push({ pattern, found, failed: failures.length > 0 || isEmpty });
      return { runtimes, failures };
    },
  };
}

/** One request for a page; what fails costs the page. */
function request(run: Run, subscription: string, timeoutMs: number): Promise<void> {
  const { world, instance } = run;
  const sent = armRequest(run, subscription, "read");
  const fault = faultOf(world);
  const isSilent = fault !== undefined && fault.status === undefined;
  return new Promise((resolve, reject) => {
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
    world.in(isSilent ? timeoutMs : Math.min(world.random.between(20, 500), timeoutMs), answer, true);
  });
}

function faultOf({ calm, outage, now, random }: World): { status: number | undefined } | undefined {
  if (calm) return undefined;
  if (outage?.of === "Azure Resource Manager" && outage.until > now) return outage;
  return random.chance(FAILS) ? { status: random.pick(STATUSES) } : undefined;
}
