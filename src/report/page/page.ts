/** The page of `GET /api/status`, which loads nothing else. `html` escapes other people's text. */
import { html, raw } from "hono/html";
import type { FleetStatus, RuntimeStatus } from "../fleetStatus.ts";
import { counted, headline } from "./headline.ts";
import { moveOf } from "./moves.ts";
import { briefItem, type Item, type PageContext, wholeItem } from "./runtimeItem.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";
import { timeElement } from "./times.ts";

/**
 * How many characters of HTML may show runtimes in full, the most urgent first; the rest get a line each. So a page of a
 * thousand runtimes stays small, and one of some dozens shows everything.
 */
const MOST_WHOLE = 150_000;

/** Groups start open up to this many runtimes. */
const MOST_OPEN = 60;

interface PageOptions {
  /** How long ago it was read, in milliseconds. */
  readonly ageMs: number;
  /** Where docs/runbook.md can be read. */
  readonly runbookUrl: string | undefined;
}

export function page(fleet: FleetStatus, { ageMs, runbookUrl }: PageOptions): string {
  const context = { at: fleet.at, runbookUrl };
  const items = fleet.runtimes.map((status, index) => itemOf(status, index, fleet)).toSorted(byUrgency);
  const { drawn, isWhole } = draw(items, context);
  const urgent = items.filter(({ move }) => move.whose === "you");
  const others = Map.groupBy(
    items.filter(({ move }) => move.whose !== "you"),
    ({ status }) => status.parent,
  );
  const isLarge = items.length > MOST_OPEN;
  const seconds = Math.round(ageMs / 1000);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${urgent.length > 0 ? `(${urgent.length}) ` : ""}Integration runtime keys</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header>
<h1>Integration runtime keys</h1>
${headline(items, fleet, context)}
<p class="age">Read ${timeElement(new Date(fleet.at).toISOString())}, <span data-age="${seconds}">${seconds === 1 ? "1 second" : `${seconds} seconds`} ago</span>. Reloading within a minute shows the same reading.</p>
<search hidden><label for="filter">Filter</label> <input id="filter" type="search" placeholder="runtime, node, state, key" autocomplete="off" spellcheck="false"> <output for="filter"></output></search>
</header>
<main>
${urgent.length > 0 ? html`<section><h2>Needs a person</h2>${list(urgent, drawn)}</section>` : ""}
${[...others].map(([parent, items]) => group(parent, items, drawn, isLarge))}
</main>
<footer>
<p>▲ a person is needed  ◆ the next tick does it  ◷ waits for its turn  ‖ waits for a person  ✓ nothing to do. The bar is the age of the published key, up to its expiry; the mark on it is when the next rotation is due.</p>
${isWhole ? "" : html`<p>The most urgent runtimes are shown in full, the others in a line each. The same address returns everything as JSON, with <code>?history=true</code>.</p>`}
</footer>
<script>${raw(SCRIPT)}</script>
</body>
</html>
`.toString();
}

function itemOf(status: RuntimeStatus, index: number, fleet: FleetStatus): Item {
  return { status, move: moveOf(status, fleet), anchor: `r${index + 1}` };
}

/** Among equals, the one that is due first comes first. */
function byUrgency(a: Item, b: Item): number {
  const due = ({ status }: Item) => status.dueAt ?? "~";
  return (
    a.move.rank - b.move.rank ||
    due(a).localeCompare(due(b)) ||
    a.status.runtime.localeCompare(b.status.runtime)
  );
}

type Html = ReturnType<typeof html>;

/** Each item as HTML, and whether all are shown in full. */
function draw(items: readonly Item[], context: PageContext): { drawn: Map<Item, Html>; isWhole: boolean } {
  const drawn = new Map<Item, Html>();
  let room = MOST_WHOLE;
  for (const item of items) {
    const whole = room > 0 ? wholeItem(item, context) : undefined;
    room -= whole?.toString().length ?? 0;
    drawn.set(item, whole ?? briefItem(item, context));
  }
  return { drawn, isWhole: room > 0 };
}

function list(items: readonly Item[], drawn: Map<Item, Html>) {
  return html`<ul class="runtimes">
${items.map((item) => drawn.get(item))}</ul>`;
}

function group(name: string, items: readonly Item[], drawn: Map<Item, Html>, isLarge: boolean) {
  return html`<details class="group"${isLarge ? "" : raw(" open")}><summary><h2><bdi>${name}</bdi></h2> <span>${counted(items)}</span></summary>
${list(items, drawn)}</details>
`;
}
