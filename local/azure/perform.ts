import { type Answer, commonHeaders, errorAnswer, json, type Reply } from "./answers.ts";
import { strike } from "./faults.ts";
import { isDenied } from "./model/access.ts";
import { armErrors } from "./model/armErrors.ts";
import { AzureError } from "./model/azureError.ts";
import { spend } from "./model/budgets.ts";
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
  run(): Answer;
}

export interface GuardedRequest extends ServiceRequest {
  service: "arm" | "vault";
  operation: GuardedOperation;
  /** The subscription or the vault whose budget the call spends. */
  spender: string;
  /** Throws where the request's token does not open the service. */
  authenticate(): void;
}

/** A call with a token: a fault before it, token, right, budget, the work itself, a fault after it. */
export function performGuarded(world: World, request: GuardedRequest): Promise<Reply> {
  const { action, writes } = NEEDS[request.operation];
  return perform(world, { ...request, action }, (call) => {
    request.authenticate();
    checkAccess(world.state, request, action);
    const left = spendBudget(world, request);
    const answer = attempt(request.service, () => request.run());
    call.effect = writes && answer.status < 300;
    return { ...answer, headers: { ...answer.headers, ...left } };
  });
}

/** A call that needs no token: it is logged and can meet faults like every other. */
export function performOpen(world: World, request: ServiceRequest): Promise<Reply> {
  return perform(world, { ...request, action: undefined }, () => request.run());
}

async function perform(
  world: World,
  request: ServiceRequest & { action: string | undefined },
  work: (call: Call) => Answer,
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
  if (early !== undefined) return finish(world, call, early);
  const answer = attempt(service, () => work(call));
  return finish(world, call, (await strike(faults, "after", call, answer)) ?? answer);
}

function attempt(service: Service, work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof AzureError) return errorAnswer(service, error);
    throw error;
  }
}

function finish(world: World, call: Call, reply: Reply): Reply {
  if (typeof reply === "string") return reply;
  const headers = commonHeaders(call.service, world.clock.now());
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

/** Returns the header that tells what is left, which only ARM sends. */
function spendBudget(world: World, { service, operation, spender }: GuardedRequest): Record<string, string> {
  const { limit: name } = NEEDS[operation];
  const { budgets } = world.state;
  const left = spend(budgets, name, spender, world.clock.now());
  const { retryAfter } = budgets.limits[name];
  const kind = name === "armReads" ? "read" : "write";
  if (left !== undefined) {
    return service === "arm" ? { [`x-ms-ratelimit-remaining-subscription-${kind}s`]: `${left}` } : {};
  }
  throw service === "arm"
    ? armErrors.throttled(retryAfter, spender, kind)
    : vaultErrors.throttled(retryAfter);
}
