/** One runtime on the page: a line that says how it stands and, where there is room, all that is known of it below. */
import { html } from "hono/html";
import type { RuntimeStatus } from "../fleetStatus.ts";
import { ageBar } from "./ageBar.ts";
import type { Move, Mover } from "./moves.ts";
import { nodesInBrief, nodesTable } from "./nodesTable.ts";
import { timeline } from "./timeline.ts";
import { fromNow, timeElement } from "./times.ts";

/** A runtime as the page sorts it. */
export interface Item {
  readonly status: RuntimeStatus;
  readonly move: Move;
  readonly parent: string;
  readonly name: string;
  /** Of its element. */
  readonly anchor: string;
}

/** What an item is drawn with. */
export interface Setting {
  /** When it was read, in milliseconds since the epoch. */
  readonly at: number;
  readonly runbookUrl: string | undefined;
}

/** So that colour is not all that tells them apart. */
const SHAPES: Readonly<Record<Mover, string>> = { you: "▲", app: "◆", later: "‖", nobody: "✓" };
const WAITING = "◷";
const MOVERS: Readonly<Record<Mover, string>> = {
  you: "Your move",
  later: "Your move, not now",
  app: "The app's move",
  nobody: "Nobody's move",
};

/** All that is known of it; open where a person is needed. */
export function wholeItem(item: Item, setting: Setting) {
  const { status, move } = item;
  const { at } = setting;
  const when = (time: string) => html`${timeElement(time)}, ${fromNow(time, at)}`;
  const { publishedKey, publishedAt, nextKey, dueAt, expiresAt } = status;
  return html`<li id="${item.anchor}" class="${move.whose}"><details${move.whose === "you" ? html` open` : ""}><summary>${line(item, setting)}</summary>
<p><b>${MOVERS[move.whose]}:</b> ${move.todo} ${runbook(move.section, setting)}</p>
<p class="why">${status.message}</p>
<dl>
<div><dt>Published key</dt><dd>${publishedKey ?? "not known"}${publishedAt === null ? "" : html`, published ${when(publishedAt)}`}</dd></div>
<div><dt>Next rotation</dt><dd>${dueAt === null ? "not known" : html`due ${when(dueAt)}`}${nextKey === null ? "" : html`; ${nextKey} dies by it`}</dd></div>
<div><dt>Expiry</dt><dd>${expiresAt === null ? "not known" : when(expiresAt)}</dd></div>
<div><dt>Secret</dt><dd>${status.secret}</dd></div>
<div><dt>Runtime</dt><dd>${status.runtime}</dd></div>
</dl>
<h4>Nodes</h4>
<div class="wide" tabindex="0" role="region" aria-label="Nodes of ${item.name}">${nodesTable(status, at)}</div>
<h4>Last rotations</h4>
<div class="wide" tabindex="0" role="region" aria-label="Last rotations of ${item.name}">${timeline(status, at)}</div>
</details></li>
`;
}

/** The line alone. */
export function briefItem(item: Item, setting: Setting) {
  return html`<li id="${item.anchor}" class="${item.move.whose}"><p>${line(item, setting)}</p></li>
`;
}

function line({ status, parent, name, move }: Item, { at }: Setting) {
  const { publishedKey, publishedAt, dueAt, nodes } = status;
  const key =
    publishedKey === null || publishedAt === null
      ? "published key not known"
      : `${publishedKey}, ${fromNow(publishedAt, at)}`;
  const due = dueAt === null ? "" : `due ${fromNow(dueAt, at)}`;
  return html`<span class="state">${shapeOf(status, move)} ${stateWords(status)}</span><span class="name"><b><bdi>${name}</bdi></b> <bdi>${parent}</bdi></span><span>${key}</span>${ageBar(status, at) || html`<i></i>`}<span>${due}</span><span>${nodes === null ? "" : nodesInBrief(status)}</span>`;
}

export function shapeOf({ state }: RuntimeStatus, { whose }: Move) {
  const shape = whose === "nobody" && state === "due" ? WAITING : SHAPES[whose];
  return html`<span aria-hidden="true">${shape}</span>`;
}

/** The state, and the reason where that adds to it. */
function stateWords({ state, reason }: RuntimeStatus): string {
  const words = state.replace("-", " ");
  const isSaid = reason === "not-due" || reason === state;
  return isSaid ? words : `${words}: ${reason.replaceAll("-", " ")}`;
}

/** A link where the address is known; else the name. */
export function runbook(section: string, { runbookUrl }: Setting) {
  const title = section.replaceAll("-", " ");
  return runbookUrl === undefined
    ? html`See “${section}” in docs/runbook.md.`
    : html`<a href="${runbookUrl}#${section}" rel="noreferrer">Runbook: ${title}</a>`;
}
