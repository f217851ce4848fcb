/**
 * Set up in front of every test file: whatever process a test starts, no auth key may be in what it writes to its
 * standard streams or tells its parent. The tests need not know of it.
 */
import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { afterAll, expect } from "vitest";
import { findCanaries } from "./canaries.ts";

const texts = new Map<ChildProcess, string[]>();

// The channel tells of a process before it is started, so of every byte of it.
subscribe("child_process", (message) => {
  const { process: child } = message as { process: ChildProcess };
  const told: string[] = [];
  texts.set(child, told);
  const emit = child.emit.bind(child) as (...event: unknown[]) => boolean;
  child.emit = (...event: unknown[]) => {
    if (event[0] === "message") told.push(inspect(event[1], { depth: null, maxStringLength: null }));
    if (event[0] === "spawn") watchStreams(child, told);
    return emit(...event);
  };
});

/** Sees what arrives without taking it: whether and when somebody reads it stays as it is. */
function watchStreams({ stdout, stderr }: ChildProcess, told: string[]): void {
  for (const stream of [stdout, stderr]) {
    if (stream === null) continue;
    const push = stream.push.bind(stream);
    stream.push = (chunk, encoding) => {
      if (chunk !== null) told.push(Buffer.isBuffer(chunk) ? chunk.toString() : `${chunk}`);
      return push(chunk, encoding);
    };
  }
}

afterAll(() => {
  const leaking = [...texts].filter(([, told]) => {
    return findCanaries(told.join("")).some(({ what }) => what === "auth key");
  });
  expect(
    leaking.map(([{ spawnargs }]) => spawnargs.slice(1, 3)),
    "processes that let an auth key out",
  ).toEqual([]);
});
