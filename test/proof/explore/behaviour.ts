import { shortOf } from "./canonical.ts";
import { type Answer, Execution, type Pending, type Start } from "./execution.ts";

/**
 * One point of the production code's behaviour: what it waits for after a history of answers. Since the
 * code is deterministic, the history is the run's whole local state, and none is executed again while it is remembered.
 */
export interface Node {
  readonly id: number;
  readonly start: Start;
  readonly parent: Node | undefined;
  readonly answer: Answer | undefined;
  readonly pending: Pending;
}

let nodes = 0;
export function nodesMade(): number {
  return nodes;
}

/** The behaviours met so far, by how the run began, or by what followed which node. */
const met = new Map<string, Node>();

/** As many as a process keeps from one exploration to the next: each takes 2 to 3 kB. */
const MOST_KEPT = 200_000;

/** Between explorations: what was met is only kept to save time. */
export function forgetMany(): void {
  if (met.size > MOST_KEPT) met.clear();
}

/** Suspended executions of the production code, at the node where each waits. */
const executions = new WeakMap<Node, Execution>();

export async function begin(start: Start): Promise<Node> {
  const key = `${start.request} ${start.app} ${start.slot} ${start.now} ${start.skew}`;
  const known = met.get(key);
  if (known) return known;
  const execution = new Execution(start);
  const pending = await execution.begin();
  const root = nodeOf(start, undefined, undefined, pending, execution);
  met.set(key, root);
  return root;
}

/** Lets the production code go on from a node by one answer. */
export async function proceed(node: Node, answer: Answer): Promise<Node> {
  const key = `${node.id} ${answer.now} ${shortOf(answer.key)}`;
  const known = met.get(key);
  if (known) return known;
  const execution = executions.get(node) ?? (await replay(node));
  executions.delete(node);
  const child = nodeOf(node.start, node, answer, await execution.feed(answer), execution);
  met.set(key, child);
  return child;
}

async function replay(node: Node): Promise<Execution> {
  const answers: Answer[] = [];
  for (let at: Node | undefined = node; at?.answer; at = at.parent) answers.unshift(at.answer);
  const execution = new Execution(node.start);
  await execution.begin();
  for (const answer of answers) await execution.feed(answer);
  return execution;
}

function nodeOf(
  start: Start,
  parent: Node | undefined,
  answer: Answer | undefined,
  pending: Pending,
  execution: Execution,
): Node {
  nodes += 1;
  const node = { id: nodes, start, parent, answer, pending };
  if (pending.kind === "call" || pending.kind === "sleep") executions.set(node, execution);
  return node;
}
