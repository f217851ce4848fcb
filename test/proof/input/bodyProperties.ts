import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { readConfig } from "../../../src/config/config.ts";
import { ConfigurationError } from "../../../src/config/configurationError.ts";
import { parseRotateRequest } from "../../../src/functions/rotateRequest.ts";
import { editedBodies, longestBodies, meantBodies, rawBodies, shapedBodies } from "./bodies.ts";
import { brokenSettings } from "./brokenSettings.ts";
import { checkProblemDetails, checkRefusal } from "./checkAnswer.ts";
import { configured } from "./configured.ts";
import { type Accepted, readBody } from "./readBody.ts";
import type { Stage } from "./stage.ts";
import { type Figure, Tally } from "./tally.ts";

/** Checks what comes of wrong settings and of bodies at the app's functions, `scale` thousand cases for a weight of one. */
export async function proveBodies(stage: Stage, seed: number, scale: number): Promise<readonly Figure[]> {
  const check = async <T>(
    property: string,
    weight: number,
    arbitrary: fc.Arbitrary<T>,
    isValid: (given: T) => Promise<boolean> | boolean,
    examples: readonly T[] = [],
  ): Promise<Figure> => {
    const tally = new Tally();
    const numRuns = Math.ceil(weight * scale * 1000);
    await fc.assert(
      fc.asyncProperty(arbitrary, async (given) => tally.count(await isValid(given))),
      { seed, numRuns, examples: examples.map((example): [T] => [example]) },
    );
    return tally.figure(property);
  };
  const { azure, settings } = stage;
  const config = readConfig(settings);
  const parse = (text: string): Accepted => {
    const { kind, dryRun, named, runtimes } = parseRotateRequest(text, config);
    return {
      dryRun,
      named,
      compromised: kind === "compromised",
      runtimes: runtimes.map(({ id }) => id.text),
    };
  };
  let refused = 0;
  /** A body that the contract refuses must be refused by the function itself, without a call to anybody. */
  const isUnderstood = async (body: Uint8Array) => {
    const expected = readBody(body, configured);
    if ("status" in expected) {
      const answer = await stage.rotate(body);
      // So that whatever was begun goes on.
      if (refused++ % 50 === 0) await setImmediate();
      assert.equal(azure.calls.length, 0, "a refused body has an effect");
      checkRefusal(answer, expected);
      return false;
    }
    assert.deepEqual(parse(new TextDecoder().decode(body)), expected);
    return true;
  };

  // First, because the app keeps the first settings that it can use.
  const figures = [
    await check(
      "functions: wrong settings fail every function with all problems",
      1,
      brokenSettings,
      async (broken) => {
        stage.configure(broken.settings);
        await checkWrongSettings(stage);
        return false;
      },
    ),
  ];
  stage.configure(settings);
  // The first one also fetches tokens.
  await callsOfStatus(stage);
  const usual = await callsOfStatus(stage);
  figures.push(
    await check("bodies: what is valid chooses what was meant", 40, meantBodies, ({ text, meant }) => {
      assert.deepEqual(parse(text), meant);
      return true;
    }),
    await check("bodies: the right shape with wrong parts", 60, shapedBodies, isUnderstood),
    await check("bodies: edited texts", 40, editedBodies, isUnderstood),
    await check("bodies: raw bytes", 20, rawBodies, isUnderstood, longestBodies),
  );
  // An effect that nobody waited for comes late, but not after a whole reading that begins later.
  assert.equal(await callsOfStatus(stage), usual, "a refused body has a late effect");
  return figures;
}

/** How many calls one reading of all runtimes takes, and all else that happens meanwhile. */
async function callsOfStatus({ azure, status }: Stage): Promise<number> {
  await status();
  const calls = azure.calls.length;
  azure.state.calls.length = 0;
  return calls;
}

/** Where the settings are wrong, each function says so, and nothing else happens. */
async function checkWrongSettings({ azure, rotate, status, tick }: Stage): Promise<void> {
  const { problems } = configurationError(thrownBy(() => readConfig(process.env)));
  for (const answer of [await rotate(Buffer.from("{")), await status()]) {
    checkProblemDetails(answer, 500, "The app settings are wrong; nothing was done", problems);
  }
  assert.deepEqual(configurationError(await tick()).problems, problems);
  assert.equal(azure.calls.length, 0, "wrong settings have an effect");
}

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
}

function configurationError(thrown: unknown): ConfigurationError {
  assert.ok(thrown instanceof ConfigurationError, "not refused as a wrong configuration");
  return thrown;
}
