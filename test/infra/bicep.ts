import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

export interface Diagnostic {
  readonly source: string;
  readonly range: { readonly start: { readonly line: number; readonly char: number } };
  readonly level: string;
  readonly code: string;
  readonly message: string;
}

export interface Compilation {
  readonly success: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Where the snapshots are deployed to; made up. */
const target = {
  tenantId: "00000000-0000-0000-0000-000000000000",
  subscriptionId: "00000000-0000-0000-0000-000000000001",
  resourceGroup: "rg-rotation",
  location: "westeurope",
  deploymentName: "main",
};

/**
 * One compiler process for many requests, by the JSON-RPC that `bicep jsonrpc` speaks: loading the types of Azure
 * takes seconds, and is done once.
 */
export class Bicep implements AsyncDisposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  #received = Buffer.alloc(0);
  #lastId = 0;

  constructor(path: string) {
    this.#process = spawn(path, ["jsonrpc", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    this.#process.stdout.on("data", (data: Buffer) => this.#receive(data));
    this.#process.on("error", (error) => this.#fail(error));
    this.#process.on("exit", (code) => this.#fail(new Error(`the Bicep compiler ended with ${code}`)));
  }

  async compileParams(path: string): Promise<Compilation> {
    return (await this.#request("bicep/compileParams", { path, parameterOverrides: {} })) as Compilation;
  }

  /** The template as Azure Resource Manager takes it. */
  async compile(path: string): Promise<string> {
    return ((await this.#request("bicep/compile", { path })) as { contents: string }).contents;
  }

  async format(path: string): Promise<string> {
    return ((await this.#request("bicep/format", { path })) as { contents: string }).contents;
  }

  async snapshot(path: string): Promise<unknown> {
    const answer = await this.#request("bicep/getSnapshot", { path, metadata: target });
    return JSON.parse((answer as { snapshot: string }).snapshot);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#process.once("exit", () => resolve());
    if (!this.#process.kill()) resolve();
    await promise;
  }

  #request(method: string, params: object): Promise<unknown> {
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<unknown>();
    this.#pending.set(id, answer);
    const body = JSON.stringify({ jsonrpc: "2.0", id, method, params });
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    return answer.promise;
  }

  #receive(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data]);
    for (;;) {
      const end = this.#received.indexOf("\r\n\r\n");
      const length = /Content-Length: (\d+)/i.exec(
        this.#received.subarray(0, Math.max(end, 0)).toString(),
      )?.[1];
      const bodyStart = end + 4;
      if (length === undefined || this.#received.length < bodyStart + Number(length)) return;
      const body = this.#received.subarray(bodyStart, bodyStart + Number(length)).toString();
      this.#received = this.#received.subarray(bodyStart + Number(length));
      const { id, result, error } = JSON.parse(body);
      if (error) this.#pending.get(id)?.reject(new Error(error.message));
      else this.#pending.get(id)?.resolve(result);
      this.#pending.delete(id);
    }
  }

  #fail(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
