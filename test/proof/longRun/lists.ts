import { OutOfTimeError, ServiceError } from "../../../src/errors.ts";
import type { CallLimit, RuntimeSource, ScopeListing } from "../../../src/services.ts";
import { memoryServices } from "../../support/memoryServices.ts";
import { errorOf } from "../shared/serviceErrors.ts";
import { arrives } from "./requests.ts";
import { rates } from "./triggers.ts";
import { count, type Run, type World } from "./world.ts";

type Found = ScopeListing["runtimes"];

/** Small, so that runtimes come and go between two pages; of a large app not so small that hardly a list ends. */
const pageSize = ({ records }: World) => Math.max(2, Math.ceil(records.length / 15));

/** What a run is told of its scopes: page by page as they are at that moment, until one fails. */
export function sourceOf(world: World, run: Run): RuntimeSource {
  const { azure, leases, scheduler } = world;
  const { runtimeSource } = memoryServices({ state: azure, leases, now: () => scheduler.now });
  return {
    async list(scope, limit) {
      const { subscriptionId } = scope;
      const runtimes: Found[number][] = [];
      const failures: ScopeListing["failures"][number][] = [];
      const all = async () => (await runtimeSource.list(scope, limit)).runtimes;
      try {
        // Its factories are listed first, where there may be several.
        if (scope.factory === undefined) await request(world, run, subscriptionId, await limit(), all);
        for (let last = "", more = true; more; ) {
          const rest = async () => (await all()).filter(({ id }) => id.key > last);
          const found = await request(world, run, subscriptionId, await limit(), rest);
          const page = found.slice(0, pageSize(world));
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

function request(
  world: World,
  { instance }: Run,
  subscription: string,
  { timeoutMs }: CallLimit,
  list: () => Promise<Found>,
): Promise<Found> {
  const { scheduler, random } = world;
  instance.pace.sent(subscription, "read");
  const fault = faultOf(world);
  const ms = fault && fault.status === undefined ? timeoutMs : random.between(20, 500);
  return new Promise((resolve, reject) => {
    const answer = () => {
      if (instance.dead) return;
      const { throttled, ...rest } = arrives(world, instance, subscription, "read");
      const status = throttled ? 429 : fault?.status;
      if (!fault || fault.status !== undefined)
        instance.pace.answered(subscription, "read", { ...rest, throttled: status === 429 });
      if (!fault && !throttled) return resolve(list());
      count(world, "fault: a list");
      instance.troubledAt = scheduler.now;
      // A list is a read of the same service.
      reject(errorOf("getKind", status));
    };
    scheduler.in(Math.min(ms, timeoutMs), answer, true);
  });
}

function faultOf({ calm, outage, scheduler, random }: World): { status: number | undefined } | undefined {
  if (calm) return undefined;
  if (outage?.of === "Azure Resource Manager" && outage.until > scheduler.now) return outage;
  if (!random.chance(rates.faultOfList)) return undefined;
  return { status: random.pick([403, 404, 429, 500, 502, 503, 504, undefined]) };
}
