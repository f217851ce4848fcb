/** What a reader must know within five seconds: whether a person is needed, for what and where; then the counts. */
import { html } from "hono/html";
import type { FleetStatus } from "../fleetStatus.ts";
import { countLate } from "./nodesTable.ts";
import { classOf, type Item, type PageContext, runbook } from "./runtimeItem.ts";

/** How many runtimes the sentence names. */
const MOST_NAMED = 4;

export function headline(items: readonly Item[], { scopes }: FleetStatus, context: PageContext) {
  const urgent = items.filter(({ move }) => move.whose === "you");
  const failed = scopes.filter(({ outcome }) => outcome === "failed");
  const isCalm = urgent.length + failed.length === 0;
  const late = items.reduce((sum, { status }) => sum + countLate(status.nodes), 0);
  return html`<p class="headline ${isCalm ? "nobody" : "you"}"><span>${isCalm ? calm(items) : html`${urgent.length > 0 ? needed(urgent, items.length) : ""} ${unlisted(failed.length)}`}</span></p>
${scopes.map(({ scope, outcome, reason, message }) => html`<p class="scope">${outcome === "failed" ? "Not listed" : "Note on"}: <b>${scope}</b>: ${message}. ${reason === undefined ? "" : runbook(reason, context)}</p>`)}
<ul class="counts">${countsOf(items).map(({ words, cssClass, count }) => html`<li class="${cssClass}"><b>${count}</b> ${words}</li>`)}</ul>
${late > 0 ? html`<p>${late === 1 ? "1 node" : `${late} nodes`} may still use a key that the next rotation regenerates, unless given the published key since: see “may use” below.</p>` : ""}`;
}

/** Such as `3 runtimes: 2 healthy, 1 due`. */
export function counted(items: readonly Item[]): string {
  const counts = countsOf(items).map(({ words, count }) => `${count} ${words}`);
  return `${items.length === 1 ? "1 runtime" : `${items.length} runtimes`}: ${counts.join(", ")}`;
}

function calm(items: readonly Item[]): string {
  if (items.length === 0) return "There is no runtime: none is configured, or none was found.";
  const ticks = items.filter(({ move }) => move.whose === "app").length;
  const isOne = items.length === 1;
  const next = ticks === 0 ? "" : ` The next tick will work on ${isOne ? "it" : `${ticks} of them`}.`;
  return `No person is needed now for ${isOne ? "the one runtime" : `any of ${items.length} runtimes`}.${next}`;
}

function needed(urgent: readonly Item[], all: number) {
  const named = urgent.slice(0, MOST_NAMED);
  const more = urgent.length - named.length;
  return html`${urgent.length} of ${all} runtimes ${urgent.length === 1 ? "needs" : "need"} a person: ${named.map(
    ({ anchor, status: { name, parent }, move }, index) =>
      html`${index > 0 ? "; " : ""}<a href="#${anchor}"><bdi>${name}</bdi></a> of <bdi>${parent}</bdi> (${move.section.replaceAll("-", " ")})`,
  )}${more > 0 ? `; and ${more} more` : ""}.`;
}

function unlisted(count: number): string {
  if (count === 0) return "";
  const scopes = count === 1 ? "1 scope" : `${count} scopes`;
  return `${scopes} could not be listed, so runtimes may be missing here.`;
}

interface Count {
  readonly words: string;
  readonly cssClass: string;
  count: number;
}

/** By state and whose move it is, the most urgent first. */
function countsOf(items: readonly Item[]): readonly Count[] {
  const counts = new Map<string, Count>();
  for (const item of items) {
    const { state, reason } = item.status;
    const words = state === "due" && reason !== "due" ? `due: ${reason}` : state.replace("-", " ");
    const cssClass = classOf(item);
    const entry = counts.get(cssClass + words) ?? { words, cssClass, count: 0 };
    entry.count += 1;
    counts.set(cssClass + words, entry);
  }
  return [...counts.values()];
}
