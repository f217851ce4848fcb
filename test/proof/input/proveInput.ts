import assert from "node:assert/strict";
import fc from "fast-check";
import { type Config, readConfig } from "../../../src/config/config.ts";
import { ConfigurationError } from "../../../src/config/configurationError.ts";
import { parseRotateRequest, RequestError } from "../../../src/functions/rotateRequest.ts";
import { armId, configOf, type Settings } from "../../config/settings.ts";
import { bodies, CANARY, settings } from "./generators.ts";
import { checkGrowth } from "./growth.ts";

export interface InputFigures {
  readonly settings: { valid: number; refused: number };
  readonly bodies: { valid: number; refused: number };
  /** How many times longer ten times as much text took, at worst. */
  readonly growth: number;
}

const HTTPS_HOST = /^https:\/\/[^/A-Z@?#]+$/;

/** "ir-one" is a runtime of two factories, "IR-three" is the secret of one runtime and the name of another. */
export const configured = configOf(
  armId("ir-one", "factory-one"),
  armId("ir-one", "factory-two"),
  { id: armId("ir-two"), secretName: "IR-three" },
  armId("ir-three"),
);

/**
 * Whatever is put in is read as the contract says or is refused with short problems that show no credential, and
 * costs no more than in proportion to its length.
 * @throws where that does not hold, with the smallest case that shows it.
 */
export function proveInput(cases: number, seed: number): InputFigures {
  const figures = { settings: { valid: 0, refused: 0 }, bodies: { valid: 0, refused: 0 } };
  fc.assert(
    fc.property(settings, (given) => {
      figures.settings[isSound(given) ? "valid" : "refused"] += 1;
    }),
    { seed, numRuns: cases },
  );
  fc.assert(
    fc.property(bodies, (bytes) => {
      figures.bodies[isUnderstood(bytes) ? "valid" : "refused"] += 1;
    }),
    { seed, numRuns: cases },
  );
  return { ...figures, growth: checkGrowth(configured) };
}

/** Whether settings are accepted, after checking that whatever came of them is as it should be. */
function isSound(given: Settings): boolean {
  let config: Config;
  try {
    config = readConfig(given);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    checkProblems(error.problems);
    return false;
  }
  const { runtimes, concurrency, armUrl } = config;
  assert.equal(runtimes.length, JSON.parse(given.RUNTIMES?.trim() ?? "").length);
  for (const { id, vaultUrl, secretName, rotateEvery, overlap, validityDays } of runtimes) {
    assert.ok(overlap.ms >= 600_000 && rotateEvery.ms > overlap.ms);
    assert.ok(validityDays * 86_400_000 > rotateEvery.ms && validityDays <= 7300);
    assert.match(secretName, /^[0-9a-zA-Z-]{1,127}$/);
    assert.match(vaultUrl, HTTPS_HOST);
    assert.equal(id.key, id.text.toLowerCase());
  }
  const secrets = runtimes.map(({ vaultUrl, secretName }) => `${vaultUrl} ${secretName.toLowerCase()}`);
  assert.equal(new Set(secrets).size, runtimes.length);
  assert.equal(new Set(runtimes.map(({ id }) => id.key)).size, runtimes.length);
  assert.ok(concurrency >= 1 && concurrency <= 64);
  assert.match(armUrl, HTTPS_HOST);
  return true;
}

/** Whether a body is accepted, after checking that what it is taken for is what it says. */
function isUnderstood(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes);
  try {
    const { runtimes, dryRun, kind, named } = parseRotateRequest(text, configured);
    const said = JSON.parse(text.trim() === "" ? "{}" : text);
    assert.deepEqual([dryRun, kind === "compromised"], [said.dryRun ?? false, said.compromised ?? false]);
    assert.deepEqual(
      Object.keys(said).filter((name) => !["runtimes", "dryRun", "compromised"].includes(name)),
      [],
    );
    // Nobody regenerates everything by leaving names out.
    assert.ok(said.runtimes !== undefined || dryRun);
    const names: string[] | undefined = said.runtimes?.map((name: string) => name.toLowerCase());
    const isAll = names === undefined || names.join() === "*";
    assert.equal(named, !isAll);
    const meant = configured.runtimes.filter(
      ({ id, secretName }) =>
        isAll || [id.key, id.name, secretName].some((own) => names?.includes(own.toLowerCase())),
    );
    assert.deepEqual(new Set(runtimes), new Set(meant));
    return true;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    checkProblems(error.problems);
    return false;
  }
}

const PROBLEM = /^([A-Za-z_]+(?:\[\d+\])?(?:\.[A-Za-z]+(?:\[\d+\])?)?): (.{10,})$/u;

/** Every problem is one short line with a place and what is accepted, told once, and shows no credential. */
function checkProblems(problems: readonly string[]): void {
  assert.ok(problems.length > 0, "refused without a problem");
  assert.equal(new Set(problems).size, problems.length, "a problem is told twice");
  for (const problem of problems) {
    assert.match(problem, PROBLEM);
    assert.doesNotMatch(problem, /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|undefined|Invalid input|\[object/u);
    assert.doesNotMatch(problem, CANARY, "a credential is shown");
    assert.ok(problem.length <= 1000, `a problem of ${problem.length} characters`);
  }
}
