import { type Answer, commonHeaders, errorAnswer, json, type Reply } from "./answers.ts";
import { strike } from "./faults.ts";
import { isDenied } from "./model/access.ts";
import { armErrors } from "./model/armErrors.ts";
import { AzureError } from "./model/azureError.ts";
import { armSpender, spend } from "./model/budgets.ts";
import type { Call, Operation, Service } from "./model/calls.ts";
import { type GuardedOperation, NEEDS } from "./model/needs.ts";
import type { AzureState } from "./model/state.ts";
import { vaultErrors } from "./model/vaultErrors.ts";
import type { World } from "./world.ts";

export interface ServiceRequest {
  service: Service;
  operation: Operation;
  /** The ARM id, the secret's URL without version, or the audience of a token. */
  resource: string;
  /** Does it, and tells the answer; throws an {@link AzureError} where the service refuses. */
  run(): Answer | Promise<Answer>;
}

interface Guarded extends ServiceRequest {
  operation: GuardedOperation;
  run(): Answer;
  /** Throws where the request's token does not open the service. */
  authenticate(): void;
}

/** `principal`: whose token it shows, `undefined` where that is nobody's, who spends nothing. */
interface ArmRequest extends Guarded {
  service: "arm";
  subscription: string;
  principal: string | undefined;
}

interface VaultRequest extends Guarded {
  service: "vault";
  vaultHost: string;
}

export type GuardedRequest = ArmRequest | VaultRequest;

/**
 * A call with a token. It spends its budget when it arrives, whatever becomes of it; then come a fault before
 * it, token, budget, right, the work itself, and a fault after it.
 */
export function performGuarded(world: World, request: GuardedRequest): Promise<Reply> {
  const { action, writes } = NEEDS[request.operation];
  const { headers, refusal } = spendBudget(world, request);
  return perform(
    world,
    { ...request, action },
    async (call) => {
      request.authenticate();
      if (refusal !== undefined) throw refusal;
      checkAccess(world.state, request, action);
      const answer = await attempt(request.service, async () => request.run());
      call.effect = writes && answer.status < 300;
      return answer;
    },
    headers,
  );
}

/** A call that needs no token: it is logged and can meet faults like every other. */
export function performOpen(world: World, request: ServiceRequest): Promise<Reply> {
  return perform(world, { ...request, action: undefined }, () => request.run());
}

async function perform(
  world: World,
  request: ServiceRequest & { action: string | undefined },
  work: (call: Call) => Answer | Promise<Answer>,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const { service, operation, resource, action } = request;
  const { calls } = world.state;
  const call: Call = {
    seq: calls.length + 1,
    at: world.clock.now(),
    service,
    operation,
    resource,
    action,
    status: undefined,
    effect: false,
  };
  calls.push(call);
  const faults = world.faults.meet(call);
  const early = await strike(faults, "before", call, json({}));
  if (early !== undefined) return finish(world, call, early, headers);
  const answer = await attempt(service, async () => await work(call));
  return finish(world, call, (await strike(faults, "after", call, answer)) ?? answer, headers);
}

async function attempt(service: Service, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AzureError) return errorAnswer(service, error);
    throw error;
  }
}

function finish(world: World, call: Call, reply: Reply, more: Record<string, string>): Reply {
  if (typeof reply === "string") return reply;
  const headers = { ...commonHeaders(call.service, world.clock.now()), ...more };
  const complete = (answer: Answer): Answer => ({ ...answer, headers: { ...headers, ...answer.headers } });
  call.status = "cut" in reply ? reply.cut.status : reply.status;
  return "cut" in reply ? { cut: complete(reply.cut) } : complete(reply);
}

function checkAccess(
  state: AzureState,
  { service, resource, operation }: GuardedRequest,
  action: string,
): void {
  if (!isDenied(state.denials, action, resource)) return;
  if (LISTS.includes(operation) && state.dataFactory.unreadableLists === "empty") return;
  throw service === "arm"
    ? armErrors.authorizationFailed(action, resource)
    : vaultErrors.forbiddenByRbac(action, resource);
}

const LISTS: readonly GuardedOperation[] = ["listFactories", "listByFactory"];

/** The headers that tell what is left, which only ARM sends, and the refusal where nothing was. */
function spendBudget(
  world: World,
  request: GuardedRequest,
): { headers: Record<string, string>; refusal?: AzureError } {
  const { limit: name } = NEEDS[request.operation];
  const { budgets } = world.state;
  const { retryAfter } = budgets.limits[name];
  const now = world.clock.now();
  if (request.service === "vault") {
    const left = spend(budgets, name, request.vaultHost, now);
    return left === undefined ? { headers: {}, refusal: vaultErrors.throttled(retryAfter) } : { headers: {} };
  }
  const { subscription, principal } = request;
  if (principal === undefined) return { headers: {} };
  const kind = name === "armReads" ? "read" : "write";
  const left = spend(budgets, name, armSpender(subscription, principal), now);
  const headers = { [`x-ms-ratelimit-remaining-subscription-${kind}s`]: `${left ?? 0}` };
  if (left !== undefined) return { headers };
  return { headers, refusal: armErrors.throttled(retryAfter, subscription, kind, principal) };
}
