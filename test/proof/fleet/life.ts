/** What happens to the nodes of a fleet between two ticks: scripts, people, restarts, nights, weekends, scale sets. */
import { createHash } from "node:crypto";
import type { Runtime } from "../../../local/azure/model/dataFactory.ts";
import {
  giveKey,
  listNodes,
  registerNode,
  removeNode,
  restartNode,
  switchOff,
  switchOn,
} from "../../../local/azure/model/nodes.ts";
import type { RuntimeConfig } from "../../../src/config/config.ts";
import type { RunResult } from "../../../src/reconcile/reconcile.ts";
import type { Fleet } from "../../support/fleet.ts";

const HOUR = 1 / 24;

/** Of the runtimes or nodes, from none, 0, to all, 1. */
type Share = number;

export interface Habits {
  /** Whether the nodes of a runtime get the published key by the script on them, by its name or by chance. */
  readonly script: (name: string, chance: number) => boolean;
  /** Every node is restarted once in so many days, each at its own time. */
  readonly restartEveryDays?: number;
  /** A person gives nodes that are told to be lost the published key, at noon. */
  readonly repaired?: boolean;
  /** Nodes that are off from 22:00 to 06:00, and so at each tick: the same ones every night. */
  readonly offAtTick?: Share;
  /** Nodes that are off from Friday evening to Monday morning; others every weekend. */
  readonly offAtWeekends?: Share;
  /** Runtimes with up to three more nodes from 19:00 to noon, registered with the published key and then removed. */
  readonly autoscaled?: Share;
  /** Runtimes all of whose nodes are replaced at noon by new ones, registered with the published key. */
  readonly replaced?: Share;
}

type Act = { readonly at: number; readonly runtime: RuntimeConfig; readonly run: () => void };

export class Life {
  readonly #fleet: Fleet;
  readonly #habits: Habits;
  readonly #seed: number;

  constructor(fleet: Fleet, habits: Habits, seed: number) {
    this.#fleet = fleet;
    this.#habits = habits;
    this.#seed = seed;
  }

  /**
   * Lives through the day that this tick began, up to the next midnight.
   * @param look is told of a runtime before anything happens to its nodes
   */
  day(tick: RunResult, look: (runtime: RuntimeConfig) => void): void {
    const day = this.#fleet.day;
    const acts = this.#fleet.runtimes.flatMap((runtime) => [
      ...this.#actsOn(runtime, day),
      ...this.#scripts(runtime, day),
    ]);
    for (const { config, reason } of tick.runtimes) {
      if (this.#habits.repaired && reason === "nodes-lost") {
        acts.push({ at: day + 12 * HOUR, runtime: config, run: () => this.#giveAll(config) });
      }
    }
    for (const { at, runtime, run } of acts.sort((a, b) => a.at - b.at)) {
      this.#fleet.at(at);
      look(runtime);
      run();
    }
    this.#fleet.at(day + 1);
  }

  /** Whether nodes of this runtime are on, and yet not connected: their key is dead. */
  hasLostNodes({ id }: RuntimeConfig): boolean {
    const now = this.#fleet.clock.wall();
    const told = listNodes(this.#fleet.state.dataFactory, id.text, now);
    return this.#nodes(id.key).some((node, n) => node.running && told[n]?.status === "Offline");
  }

  #actsOn(runtime: RuntimeConfig, day: number): Act[] {
    const { restartEveryDays, offAtTick = 0, offAtWeekends = 0, autoscaled = 0, replaced = 0 } = this.#habits;
    const { text, key, name } = runtime.id;
    const { state, clock } = this.#fleet;
    const acts: Act[] = [];
    const at = (hours: number, run: () => void) => acts.push({ at: day + hours * HOUR, runtime, run });
    const off = (node: string) => () => switchOff(state.dataFactory, text, node, clock.wall());
    const on = (node: string) => () => {
      switchOn(state.dataFactory, text, node, clock.wall());
      if (this.#isScripted(runtime)) this.#give(runtime, node);
    };
    for (const { name: node } of this.#nodes(key)) {
      const period = (restartEveryDays ?? 0) * 24;
      const hour = this.#chance(node, "restart") * period - (day % (restartEveryDays ?? 1)) * 24;
      if (hour >= 0 && hour < 24 && period > 0) {
        at(hour, () => restartNode(state.dataFactory, text, node, clock.wall()));
      }
      if (this.#chance(node, "night") < offAtTick) {
        at(6, on(node));
        at(22, off(node));
      }
      // The first day is a Thursday.
      const week = Math.floor(day / 7);
      const isChosen = this.#chance(node, "weekend", week) < offAtWeekends;
      if (isChosen && day % 7 === 1) at(18, off(node));
      if (isChosen && day % 7 === 4) at(6, on(node));
    }
    if (this.#chance(name, "autoscaled") < autoscaled) {
      const overnight = this.#nodes(key).filter((node) => node.name.includes("+"));
      for (const { name: node } of overnight) at(12, () => removeNode(state.dataFactory, text, node));
      for (let n = this.#chance(name, "more", day) * 4; n >= 1; n -= 1) {
        at(19, () => this.#register(runtime, `${name}+${day}-${Math.floor(n)}`));
      }
    }
    if (this.#chance(name, "replaced") < replaced) {
      for (const { name: node } of this.#nodes(key)) {
        at(12, () => removeNode(state.dataFactory, text, node));
        at(12, () => this.#register(runtime, `${node.split("@")[0]}@${day}`));
      }
    }
    return acts;
  }

  /** Each node at its own time, so that not all of a runtime restart at once. */
  #scripts(runtime: RuntimeConfig, day: number): Act[] {
    if (!this.#isScripted(runtime)) return [];
    const published = this.#fleet.published(runtime.id.name);
    return this.#nodes(runtime.id.key)
      .filter(({ key }) => key !== published)
      .map(({ name }) => ({
        at: day + (1 + 8 * this.#chance(name, "script")) * HOUR,
        runtime,
        run: () => this.#give(runtime, name),
      }));
  }

  #isScripted({ id: { name } }: RuntimeConfig): boolean {
    return this.#habits.script(name, this.#chance(name, "scripted"));
  }

  #giveAll(runtime: RuntimeConfig): void {
    for (const { name } of this.#nodes(runtime.id.key)) this.#give(runtime, name);
  }

  /** A node that is off, or gone by now, takes nothing; one that has the key already is not restarted for it. */
  #give({ id }: RuntimeConfig, name: string): void {
    const node = this.#nodes(id.key).find((each) => each.name === name);
    const value = this.#fleet.published(id.name);
    if (!node?.running || value === undefined || node.key === value) return;
    giveKey(this.#fleet.state.dataFactory, id.text, name, value, this.#fleet.clock.wall());
  }

  #register({ id }: RuntimeConfig, name: string): void {
    const value = this.#fleet.published(id.name);
    if (value === undefined) throw new Error(`nothing is published for ${id.name}`);
    registerNode(this.#fleet.state.dataFactory, id.text, name, value, this.#fleet.clock.wall());
  }

  #nodes(key: string): Runtime["nodes"] {
    return this.#fleet.state.dataFactory.runtimes[key]?.nodes ?? [];
  }

  /** From 0 up to 1, always the same for the same things. */
  #chance(...of: readonly (string | number)[]): number {
    const hash = createHash("sha256").update([this.#seed, ...of].join(" "));
    return hash.digest().readUInt32BE() / 2 ** 32;
  }
}
