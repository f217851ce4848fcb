import assert from "node:assert/strict";
import fc from "fast-check";
import { meantBodies } from "./bodies.ts";
import { configured } from "./configured.ts";
import type { Accepted } from "./readBody.ts";
import type { Stage } from "./stage.ts";
import { type Figure, Tally } from "./tally.ts";

const WRITES = ["regenerateAuthKey", "setSecret", "updateSecret"];

/**
 * Sends valid bodies to the function, over the real SDKs. Checks that what is done is what was meant, and to whom.
 * All keys were published a moment ago, so only a declared compromise may change anything.
 */
export async function proveEffects(stage: Stage, seed: number, cases: number): Promise<Figure> {
  const { azure } = stage;
  assert.equal(await stage.tick(), undefined, "first contact");
  const tally = new Tally();
  await fc.assert(
    fc.asyncProperty(meantBodies, async ({ text, meant }) => {
      azure.state.calls.length = 0;
      const { status, contentType, text: answer } = await stage.rotate(Buffer.from(text));
      assert.equal(contentType, "application/json");
      checkOutcomes(JSON.parse(answer), meant);
      assert.equal(status, meant.compromised ? 200 : 409);
      const touched = azure.calls.filter(({ service }) => service === "arm" || service === "vault");
      assert.deepEqual(targets(touched.map(({ resource }) => resource)), [...meant.runtimes].sort());
      const written = touched.filter(({ operation }) => WRITES.includes(operation));
      const changes = meant.compromised && !meant.dryRun;
      assert.deepEqual(
        targets(written.map(({ resource }) => resource)),
        changes ? [...meant.runtimes].sort() : [],
      );
      tally.count(true);
    }),
    { seed, numRuns: cases },
  );
  return tally.figure("functions: a valid body has the effect that was meant, on those alone");
}

function checkOutcomes(body: Record<string, unknown>, { runtimes, dryRun, compromised }: Accepted): void {
  const outcomes = body.runtimes as {
    runtime: string;
    outcome: string;
    reason: string;
    regenerates: string[];
  }[];
  assert.equal(body.dryRun, dryRun);
  assert.deepEqual(
    outcomes.map(({ runtime }) => runtime),
    runtimes,
  );
  for (const { outcome, reason, regenerates } of outcomes) {
    const rotated = dryRun ? "would-rotate" : "rotated";
    assert.deepEqual(
      [outcome, reason],
      compromised ? [rotated, "compromised"] : ["blocked", "within-overlap"],
    );
    assert.equal(regenerates.length, compromised ? 2 : 0);
  }
}

/** The runtimes that calls were about, by their ids or their secrets' URLs. */
function targets(resources: readonly string[]): readonly string[] {
  const found = configured.filter(({ id, secretName, keyVaultUrl }) =>
    resources.some((resource) =>
      [id, `${keyVaultUrl}/secrets/${secretName}`].some((name) => belongsTo(resource, name.toLowerCase())),
    ),
  );
  return found.map(({ id }) => id).sort();
}

function belongsTo(resource: string, name: string): boolean {
  const text = resource.toLowerCase();
  return text === name || text.startsWith(`${name}/`);
}
