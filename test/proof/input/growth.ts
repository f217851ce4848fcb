import assert from "node:assert/strict";
import { type Config, readConfig } from "../../../src/config/config.ts";
import { parseRotateRequest } from "../../../src/functions/rotateRequest.ts";
import { withRuntimes } from "../../config/settings.ts";

/** Half of what a body may be. */
const LONG = 30_000;
/** Ten times as much may take so many times as long, and less than this anyway, in milliseconds. */
const MOST_GROWTH = 40;
const SOON_MS = 60;

/** Of these is made what makes a pattern try again from every place: the longest runs of what it can begin with. */
const PIECES = [
  "a",
  "A0+/-_",
  "://",
  "eyJ",
  "eyJa",
  " ",
  "AccountKey ",
  "IR@",
  "%",
  "=",
  "\u200b",
  "sig",
  '\\"',
  "P1D",
  "0",
];

/**
 * No text of one value costs more than in proportion to its length.
 * @returns how many times longer ten times as much took, at worst.
 * @throws where that is far more than ten.
 */
export function checkGrowth(config: Config): number {
  const reads: readonly [string, (text: string) => unknown][] = [
    ["a name in a body", (text) => parseRotateRequest(JSON.stringify({ runtimes: [text] }), config)],
    ["a property of a body", (text) => parseRotateRequest(JSON.stringify({ [text]: 1 }), config)],
    ["a flag in a body", (text) => parseRotateRequest(JSON.stringify({ dryRun: text }), config)],
    ["a body that is no JSON", (text) => parseRotateRequest(text, config)],
    ["RUNTIMES", (text) => readConfig({ ...withRuntimes(), RUNTIMES: text })],
    ["an ARM id", (text) => readConfig(withRuntimes(text))],
    ["a URL", (text) => readConfig({ ...withRuntimes("x"), KEY_VAULT_URL: text })],
    ["a duration", (text) => readConfig({ ...withRuntimes("x"), OVERLAP: text })],
    ["a connection string", (text) => readConfig({ ...withRuntimes("x"), AzureWebJobsStorage: text })],
  ];
  let worst = 0;
  for (const [name, read] of reads) {
    for (const piece of PIECES) {
      const [short, long] = [LONG / 10, LONG].map((length) =>
        fastest(read, piece.repeat(length / piece.length)),
      );
      const growth = long! / Math.max(short!, 0.05);
      worst = Math.max(worst, growth);
      const isLinear = long! < SOON_MS || growth < MOST_GROWTH;
      assert.ok(
        isLinear,
        `${name}, ${LONG} characters of "${piece}": ${Math.round(long!)} ms, ${Math.round(growth)} times as long as a tenth of it`,
      );
    }
  }
  return Math.round(worst);
}

/** In milliseconds, of a few tries: what else runs on the machine only ever makes it slower. */
function fastest(read: (text: string) => unknown, text: string): number {
  const tries = Array.from({ length: 3 }, () => {
    const begun = performance.now();
    try {
      read(text);
    } catch {
      // Refused, as it should be.
    }
    return performance.now() - begun;
  });
  return Math.min(...tries);
}
