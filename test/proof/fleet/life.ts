/** What happens to the nodes of a fleet between two ticks: scripts, people, restarts, nights, weekends, scale sets. */
import { hash } from "node:crypto";
import {
  listNodes,
  registerNode,
  removeNode,
  restartNode,
  switchOff,
  switchOn,
} from "../../../local/azure/model/nodes.ts";
import type { RuntimeConfig } from "../../../src/config/runtimeEntry.ts";
import type { RunResult } from "../../../src/reconcile/reconcile.ts";
import type { Fleet } from "../../support/fleet.ts";

const HOUR = 1 / 24;

/** Chooses the nodes of which something is so, and when it happens to each. */
const SEED = 1;

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

  constructor(fleet: Fleet, habits: Habits) {
    this.#fleet = fleet;
    this.#habits = habits;
  }

  /**
   * Lives through the day that this tick began, up to the next midnight.
   * @param look is told of a runtime before anything happens to its nodes
   */
  day(tick: RunResult, look: (runtime: RuntimeConfig) => void): void {
    const day = this.#fleet.day;
    const acts = this.#fleet.runtimes.flatMap((runtime) => this.#actsOn(runtime, day));
    const told = tick.runtimes.filter(({ reason }) => this.#habits.repaired && reason === "nodes-lost");
    for (const { config } of told) {
      acts.push({ at: day + 12 * HOUR, runtime: config, run: () => this.#fleet.sync(config.id.name) });
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
    return this.#fleet.nodes(id.name).some((node, n) => node.running && told[n]?.status === "Offline");
  }

  #actsOn(runtime: RuntimeConfig, day: number): Act[] {
    const { script, restartEveryDays = 0, offAtTick, offAtWeekends, autoscaled, replaced } = this.#habits;
    const { text, name } = runtime.id;
    const { state, clock } = this.#fleet;
    const nodes = this.#fleet.nodes(name);
    const published = this.#fleet.published(name);
    const isScripted = script(name, this.#chance(name, "scripted"));
    const acts: Act[] = [];
    const at = (hours: number, run: () => void) => acts.push({ at: day + hours * HOUR, runtime, run });
    const to = (act: typeof switchOff, node: string) => () =>
      act(state.dataFactory, text, node, clock.wall());
    const on = (node: string) => () => {
      switchOn(state.dataFactory, text, node, clock.wall());
      if (isScripted) this.#fleet.sync(name, node);
    };
    for (const { name: node, key } of nodes) {
      if (restartEveryDays > 0) {
        const hour = this.#chance(node, "restart") * (restartEveryDays * 24) - (day % restartEveryDays) * 24;
        if (hour >= 0 && hour < 24) at(hour, to(restartNode, node));
      }
      if (this.#isOf(offAtTick, node, "night")) {
        at(6, on(node));
        at(22, to(switchOff, node));
      }
      // The first day is a Thursday.
      const isChosen = this.#isOf(offAtWeekends, node, "weekend", Math.floor(day / 7));
      if (isChosen && day % 7 === 1) at(18, to(switchOff, node));
      if (isChosen && day % 7 === 4) at(6, on(node));
      // Each node at its own time, so that not all of a runtime restart at once.
      if (isScripted && key !== published) {
        at(1 + 8 * this.#chance(node, "script"), () => this.#fleet.sync(name, node));
      }
    }
    if (this.#isOf(autoscaled, name, "autoscaled")) {
      const overnight = nodes.filter((node) => node.name.includes("+"));
      for (const { name: node } of overnight) at(12, to(removeNode, node));
      for (let n = this.#chance(name, "more", day) * 4; n >= 1; n -= 1) {
        at(19, () => this.#register(runtime, `${name}+${day}-${Math.floor(n)}`));
      }
    }
    if (this.#isOf(replaced, name, "replaced")) {
      for (const { name: node } of nodes) {
        at(12, to(removeNode, node));
        at(12, () => this.#register(runtime, `${node.split("@")[0]}@${day}`));
      }
    }
    return acts;
  }

  #register({ id }: RuntimeConfig, name: string): void {
    const value = this.#fleet.published(id.name);
    if (value === undefined) throw new Error(`nothing is published for ${id.name}`);
    registerNode(this.#fleet.state.dataFactory, id.text, name, value, this.#fleet.clock.wall());
  }

  #isOf(share: Share = 0, ...of: readonly (string | number)[]): boolean {
    return share > 0 && this.#chance(...of) < share;
  }

  /** From 0 up to 1, always the same for the same things. */
  #chance(...of: readonly (string | number)[]): number {
    return hash("sha256", [SEED, ...of].join(" "), "buffer").readUInt32BE() / 2 ** 32;
  }
}
