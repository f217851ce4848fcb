import { type CertificateAuthority, createCertificateAuthority } from "../../../local/azure/certificates.ts";
import { type LocalAzure, startLocalAzure } from "../../../local/azure/index.ts";
import { copyBuiltApp } from "../../support/builtApp.ts";
import { AppProcess } from "./appProcess.ts";
import { cast, type Runtime, settings, VAULT_HOST } from "./cast.ts";
import { Chronicle } from "./chronicle.ts";
import { openDoor, watchCalls } from "./door.ts";
import { Facts } from "./facts.ts";
import { type Ask, Invocation, type Visit } from "./invocation.ts";
import { Judge, WRITES } from "./judge.ts";
import { LeaseBook } from "./leaseBook.ts";
import { leaks } from "./secrecy.ts";
import type { Striker } from "./striker.ts";
import { wordsOfEffect } from "./words.ts";

const SLOTS = ["A", "B", "C"] as const;

/** One local Azure, the processes of the app around it, and whoever watches them. */
export class Stage {
  readonly azure: LocalAzure;
  readonly chronicle = new Chronicle();
  readonly facts: ReadonlyMap<Runtime, Facts>;
  readonly leases: LeaseBook;
  readonly judge: Judge;
  /** What befalls one of the processes in this round. */
  striker: Striker | undefined;
  /** How many calls this round has brought so far, and all rounds. */
  calls = 0;
  allCalls = 0;
  /** Runtimes that had a write since the round began. */
  readonly written = new Set<Runtime>();
  /** How many processes were started. */
  started = 0;
  /** How many characters of what the app let out were looked through. */
  looked = 0;
  readonly #authority: CertificateAuthority & { stop(): Promise<void> };
  readonly #app: Awaited<ReturnType<typeof copyBuiltApp>>;
  readonly #slots: AppProcess[] = [];

  private constructor(
    azure: LocalAzure,
    authority: CertificateAuthority & { stop(): Promise<void> },
    app: Awaited<ReturnType<typeof copyBuiltApp>>,
  ) {
    this.azure = azure;
    this.#authority = authority;
    this.#app = app;
    azure.addVault(VAULT_HOST);
    for (const { id } of cast) azure.addRuntime(id);
    this.facts = new Map(cast.map((runtime) => [runtime, new Facts(azure, runtime)]));
    this.leases = new LeaseBook(azure.env.AzureWebJobsStorage ?? "");
    this.judge = new Judge(this.facts, this.leases, (by, text) => this.chronicle.add(by, text));
    watchCalls(azure, this);
  }

  static async open(): Promise<Stage> {
    const authority = await createCertificateAuthority();
    const [azure, app] = await Promise.all([startLocalAzure({ authority }), copyBuiltApp()]);
    const stage = new Stage(azure, authority, app);
    await Promise.all(SLOTS.map((_, slot) => stage.start(slot)));
    return stage;
  }

  /** Starts a process in this slot, in place of the one that was there. */
  async start(slot: number): Promise<void> {
    this.started += 1;
    const life = Number(this.#slots[slot]?.name.slice(1) ?? 0) + 1;
    const name = `${SLOTS[slot]}${life}`;
    const door = await openDoor(
      this.azure,
      this.#authority,
      this,
      new Invocation(name, { trigger: "timer" }),
    );
    const all = { ...this.azure.env, ...settings };
    this.#slots[slot] = await AppProcess.start(name, this.#app.folder, all, door);
  }

  process(slot: number): AppProcess {
    const process = this.#slots[slot];
    if (process === undefined) throw new Error(`there is no process ${slot}`);
    return process;
  }

  processNamed(name: string): AppProcess {
    const process = this.#slots.find((each) => each.name === name);
    if (process === undefined) throw new Error(`there is no process ${name}`);
    return process;
  }

  invocation(slot: number, ask: Ask): Invocation {
    return new Invocation(this.process(slot).name, ask);
  }

  arrives(visit: Visit): "lost" | "late" | undefined {
    this.calls += 1;
    this.allCalls += 1;
    if (visit.operation === "getSecret" && visit.runtime) visit.by.asked.add(visit.runtime);
    return this.striker?.arrives(visit);
  }

  happened(visit: Visit, effect: boolean): "lost" | undefined {
    const { by, runtime } = visit;
    this.chronicle.add(by.process, wordsOfEffect(visit, effect, runtime && this.facts.get(runtime)));
    if (effect) {
      this.leases.happened(visit);
      this.judge.happened(visit);
      if (runtime && WRITES.includes(visit.operation)) this.written.add(runtime);
    }
    return this.striker?.happened(visit);
  }

  /** What was still on its way for a run that is over arrives, and its leases end as their 60 s do. */
  async expire(by: Invocation): Promise<Runtime[]> {
    for (const arrive of by.late.splice(0)) {
      this.chronicle.add(by.process, "(the late request arrives)");
      await arrive();
    }
    const left = await this.leases.endOf(by);
    for (const { name } of left) this.chronicle.add("", `the lease of ${name} that ${by.process} left ends`);
    return left;
  }

  /** Looks through what the processes let out since the last time. */
  checkSecrecy(): void {
    const values = [...this.facts.values()].flatMap(({ values }) => values);
    for (const process of this.#slots) this.#look(process, values);
  }

  /** Of a process that is gone: also what it wrote to its standard streams. */
  bury(slot: number): void {
    this.#look(
      this.process(slot),
      [...this.facts.values()].flatMap(({ values }) => values),
    );
  }

  async close(): Promise<void> {
    for (const process of this.#slots) process.kill();
    await Promise.all(this.#slots.map((process) => process.gone()));
    this.checkSecrecy();
    await Promise.all([this.azure.stop(), this.#app.remove()]);
    await this.#authority.stop();
  }

  #look(process: AppProcess, values: readonly string[]): void {
    const texts = process.takeTexts();
    for (const text of texts) this.looked += text.length;
    const leaked = leaks(texts, values);
    if (leaked > 0) this.judge.violate(process.name, 9, `${leaked} texts of this process hold a key's value`);
  }
}
