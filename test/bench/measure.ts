import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));

/** What one process took, and what the app said of its tick. */
export interface Sample {
  readonly ms: number;
  readonly cpuMs: number;
  readonly megabytes: number;
  readonly told: Readonly<Record<string, number>>;
}

/** Runs one process to its end. It says what its work took; the time here is from before it starts. */
export async function measure(what: string, settings: Readonly<Record<string, string>>): Promise<Sample> {
  const start = performance.now();
  const child = fork(fileURLToPath(new URL("./load.ts", import.meta.url)), [what, DIST], {
    execArgv: [],
    env: { PATH: process.env.PATH ?? "", ...settings },
  });
  const exited = once(child, "exit");
  const [message] = await Promise.race([once(child, "message"), exited]);
  const ms = performance.now() - start;
  await exited;
  if (typeof message !== "object") throw new Error(`the process for "${what}" failed`);
  return { ms, ...message };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  }
}
