/** One runtime on the page: a line that says how it stands and, if there is room, everything known about it below. */
import { html } from "hono/html";
import type { RuntimeStatus } from "../fleetStatus.ts";
import { ageBar } from "./ageBar.ts";
import { MOVERS, type Move, type Mover } from "./moves.ts";
import { nodesInBrief, nodesTable } from "./nodesTable.ts";
import { timeline } from "./timeline.ts";
import { fromNow, timeElement } from "./times.ts";

/** A runtime with what the page sorts it by. */
export interface Item {
  readonly status: RuntimeStatus;
  readonly move: Move;
  /** The id of its element. */
  readonly anchor: string;
}

/** What is the same for all items of a page. */
export interface PageContext {
  /** When it was read, in milliseconds since the epoch. */
  readonly at: number;
  readonly runbookUrl: string | undefined;
}

/** Everything known about it. If a person is needed, the reason shows without opening anything. */
export function wholeItem(item: Item, context: PageContext) {
  const { anchor, move, status } = item;
  const todo = html`<p><b>${MOVERS[move.whose]}:</b> ${move.todo} ${move.section === "not-due" ? "" : runbook(move.section, context)}</p>
<p class="why">${status.message}</p>`;
  const content =
    move.whose === "you"
      ? html`<div class="line">${line(item, context)}</div>
${todo}
<details><summary>Nodes, rotations and ids of <bdi>${status.name}</bdi></summary>${known(item, context)}</details>`
      : html`<details><summary class="line">${line(item, context)}</summary>${todo}${known(item, context)}</details>`;
  return html`<li id="${anchor}" class="${classOf(item)}">${content}</li>
`;
}

function known({ status }: Item, { at }: PageContext) {
  const when = (time: string) => html`${fromNow(time, at)}, ${timeElement(time)}`;
  const row = (term: string, detail: unknown) => html`<div><dt>${term}</dt><dd>${detail}</dd></div>`;
  const { name, publishedKey, publishedAt, nextKey, dueAt, expiresAt } = status;
  return html`<dl>
${publishedAt === null ? "" : row("Published key", html`${publishedKey ?? "which of the two is not known"}, ${when(publishedAt)}`)}
${dueAt === null ? "" : row("Next rotation", html`due ${when(dueAt)}${nextKey === null ? "" : html`; ${nextKey} dies by it`}`)}
${expiresAt === null ? "" : row("Expiry", when(expiresAt))}
${row("Secret", status.secret)}
${row("Runtime", status.runtime)}
</dl>
<h3>Nodes</h3>
<div class="wide" tabindex="0" role="region" aria-label="Nodes of ${name}">${nodesTable(status, at)}</div>
<h3>Last rotations</h3>
<div class="wide" tabindex="0" role="region" aria-label="Last rotations of ${name}">${timeline(status, at)}</div>`;
}

/** The line alone. */
export function briefItem(item: Item, context: PageContext) {
  return html`<li class="${classOf(item)}"><div class="line">${line(item, context)}</div></li>
`;
}

function line({ status, move }: Item, { at }: PageContext) {
  const { parent, name, state, publishedKey, publishedAt, dueAt, nodes } = status;
  const key = publishedKey ?? (state === "drifted" ? "no live key" : "key not known");
  const since = publishedAt === null ? "" : `, ${fromNow(publishedAt, at)}`;
  const due = dueAt === null ? "" : `due ${fromNow(dueAt, at)}`;
  // The others stand under their parent's name.
  const of = move.whose === "you" ? html` <bdi>${parent}</bdi>` : "";
  return html`<span class="state">${stateWords(status)}</span><span class="name"><bdi>${name}</bdi>${of}</span><span>${key}${since}</span>${ageBar(status, at)}<span>${due}</span><span>${nodes === null ? "" : nodesInBrief(status)}</span>`;
}

/** Its CSS class, which gives it a shape and a colour. */
export function classOf({ status, move }: Item): Mover | "waits" {
  return move.whose === "nobody" && status.state === "due" ? "waits" : move.whose;
}

/** Reasons that the state already says. */
const SAID_BY_STATE: ReadonlySet<string> = new Set([
  "not-due",
  "due",
  "drift",
  "unfinished-rotation",
  "first-contact",
  "nodes-lost",
]);

function stateWords({ state, reason }: RuntimeStatus): string {
  const words = state.replace("-", " ");
  return SAID_BY_STATE.has(reason) ? words : `${words}: ${reason.replaceAll("-", " ")}`;
}

/** A link if the runbook's address is known; else its name. */
export function runbook(section: string, { runbookUrl }: PageContext) {
  const title = section.replaceAll("-", " ");
  return runbookUrl === undefined
    ? html`See “${section}” in docs/runbook.md.`
    : html`<a href="${runbookUrl}#${section}" rel="noreferrer">Runbook: ${title}</a>`;
}
