/** What others send takes time in proportion to its length, however it is made. */
import { globSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { parse, type Token, tokTypes } from "acorn";
import { check } from "recheck";
import { describe, expect, test } from "vitest";
import { readConfig } from "../src/config/config.ts";
import { ConfigurationError } from "../src/config/configurationError.ts";
import { quote } from "../src/config/quote.ts";
import { parseRotateRequest, RequestError } from "../src/functions/rotateRequest.ts";
import { redactKeys } from "../src/keyValue.ts";
import { armId, configOf, settings, withRuntimes } from "./config/settings.ts";

const SRC = join(import.meta.dirname, "../src");

interface Pattern {
  readonly source: string;
  readonly flags: string;
}

/** Every pattern in a module, and whether it makes others that cannot be seen here. */
function patternsOf(code: string): { patterns: Pattern[]; hidden: boolean } {
  // The types leave out what a token says.
  const tokens: (Token & { value?: unknown })[] = [];
  parse(stripTypeScriptTypes(code), { ecmaVersion: "latest", sourceType: "module", onToken: tokens });
  const patterns = tokens
    .filter(({ type }) => type === tokTypes.regexp)
    .map(({ value }) => value as { pattern: string; flags: string })
    .map(({ pattern, flags }) => ({ source: pattern, flags }));
  return { patterns, hidden: tokens.some(({ value }) => value === "RegExp") };
}

/** Limits so wide that it sees the same on a machine that is busy. */
const UNHURRIED = { timeout: null, incubationTimeout: null, attackTimeout: 10_000 } as const;

const isLinear = async ({ source, flags }: Pattern) =>
  (await check(source, flags, UNHURRIED)).status === "safe";

describe("the patterns of the source", () => {
  const modules = globSync("**/*.ts", { cwd: SRC }).map((path) => ({
    path,
    ...patternsOf(readFileSync(join(SRC, path), "utf8")),
  }));

  test("are all written out, so that they can be checked", () => {
    expect(modules.filter(({ hidden }) => hidden).map(({ path }) => path)).toEqual([]);
    expect(modules.flatMap(({ patterns }) => patterns).length).toBeGreaterThan(20);
  });

  test("take no more than linear time, as the checker sees it", { timeout: 120_000 }, async () => {
    const slow: string[] = [];
    for (const { path, patterns } of modules) {
      for (const pattern of patterns) {
        if (!(await isLinear(pattern))) slow.push(`${path}: /${pattern.source}/${pattern.flags}`);
      }
    }
    expect(slow).toEqual([]);
  });

  // Each of them once took seconds for 64 KiB.
  test.each([/eyJ[\w-]+\./i, /[\w+/-]{40,}={1,2}/i, /\/+$/, /^\s*\w+\s*=[^;]+(?:;\s*\w+\s*=[^;]+)*;?\s*$/])(
    "%s would be found",
    { timeout: 60_000 },
    async (pattern) => {
      expect(await isLinear(pattern)).toBe(false);
    },
  );
});

const CONFIG = configOf(armId());

function ignoring(kind: typeof RequestError | typeof ConfigurationError, act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof kind)) throw error;
  }
}
const request = (body: unknown) =>
  ignoring(RequestError, () => parseRotateRequest(JSON.stringify(body), CONFIG));
const setting = (name: string) => (text: string) =>
  ignoring(ConfigurationError, () => readConfig(settings({ AzureWebJobsStorage: undefined, [name]: text })));
const entry = (name: string) => (text: string) =>
  ignoring(ConfigurationError, () => readConfig(withRuntimes({ id: armId(), [name]: text })));

const READERS: [what: string, read: (text: string) => unknown][] = [
  ["a value in a message", quote],
  ["a service's message", redactKeys],
  ["a name in a request", (text) => request({ runtimes: [text] })],
  ["a property of a request", (text) => request({ [text]: true })],
  ["a flag of a request", (text) => request({ runtimes: ["*"], dryRun: text })],
  ["a body that is no JSON", (text) => ignoring(RequestError, () => parseRotateRequest(text, CONFIG))],
  ...[
    "RUNTIMES",
    "KEY_VAULT_URL",
    "OVERLAP",
    "RUNBOOK_URL",
    "AzureWebJobsStorage",
    "AzureWebJobsStorage__blobServiceUri",
  ].map((name): [string, (text: string) => unknown] => [`the setting ${name}`, setting(name)]),
  ...["id", "secretName", "keyVaultUrl", "overlap"].map((name): [string, (text: string) => unknown] => [
    `the ${name} of an entry`,
    entry(name),
  ]),
  ["a pattern", (text) => entry("id")(`${text}*`)],
  [
    "what a pattern leaves out",
    (text) =>
      ignoring(ConfigurationError, () => readConfig(withRuntimes({ id: armId("*"), except: [text] }))),
  ],
];

// What is said again and again, between a beginning and an end that make it look promising.
const TEXTS: [before: string, again: string, after: string][] = [
  ["", "a", ""],
  ["", "a", "!"],
  ["", "eyJ", "!"],
  ["", "IR@", ""],
  ["", "://", ""],
  ["", "AccountKey ", ""],
  ["AccountKey", " ", ""],
  ["a=", " ", ";;"],
  ["", "a=b;", ";"],
  ["https://a/", "/", "@"],
  ["https://a", "/a", "/?"],
  ["P", "1", "X"],
  ["P", "1,", "W"],
  ["/subscriptions/", "a", "/"],
  ["", "\n", "x"],
  ["", "[", ""],
  // Shown as escapes.
  ["", "\u200b", ""],
  ["", '\\"', ""],
];

/** The least of some measurements of this process's own work, in milliseconds: what it does besides only adds. */
function leastTime(act: () => void): number {
  const times = Array.from({ length: 3 }, () => {
    const start = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

describe("ten times the text takes no more than about ten times as long", () => {
  test.each(READERS)("%s", { timeout: 60_000 }, (_, read) => {
    const slow = TEXTS.filter(([before, again, after]) => {
      const sized = (length: number) => before + again.repeat(length / again.length) + after;
      const [short, long] = [sized(6000), sized(60_000)];
      // What is quadratic takes a second for the long one; a tenth of that is noise.
      return leastTime(() => read(long)) > 20 * leastTime(() => read(short)) + 100;
    });
    expect(slow).toEqual([]);
  });
});
