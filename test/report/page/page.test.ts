/** What the page says of made-up fleets. How it looks is for `npm run test:page`. */
import { describe, expect, test } from "vitest";
import type { RuntimeStatus } from "../../../src/report/fleetStatus.ts";
import { page } from "../../../src/report/page/page.ts";
import { reasons } from "../../support/reasons.ts";
import { fleetOf, HOSTILE, nodeOf, statusOf, thousand, versionOf } from "../../support/statuses.ts";

const SETTING = { ageMs: 0, runbookUrl: undefined };

/** The page as text. */
function textOf(...given: Parameters<typeof fleetOf>): string {
  const [, body] = /<body>([\s\S]*)<script>/.exec(page(fleetOf(...given), SETTING))!;
  return body!
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&#39;", "'")
    .replace(/\s+/g, " ");
}

const headline = (...given: Parameters<typeof fleetOf>) =>
  /<p class="headline (?:you|nobody)">([\s\S]*?)<\/p>/
    .exec(page(fleetOf(...given), SETTING))![1]!
    .replace(/<[^>]+>/g, "")
    .trim();

const at = (state: RuntimeStatus["state"], reason: RuntimeStatus["reason"], other?: Partial<RuntimeStatus>) =>
  statusOf(`${state}-${reason}`, { state, reason, ...other });

describe("the first sentence", () => {
  test.each<[what: string, runtimes: RuntimeStatus[], said: string]>([
    ["nothing to do", [statusOf("alpha")], "No person is needed now for the one runtime."],
    [
      "work of the next tick",
      [statusOf("alpha"), at("due", "due", { dueAt: "2027-03-01T00:00:00Z" }), at("drifted", "drift")],
      "No person is needed now for any of 3 runtimes. The next tick will work on 2 of them.",
    ],
    [
      "waiting",
      [at("due", "rollout"), at("due", "paused"), at("due", "braked")],
      "No person is needed now for any of 3 runtimes.",
    ],
    [
      "a read that failed once",
      [at("unreadable", "throttled")],
      "No person is needed now for the one runtime. The next tick will work on it.",
    ],
    [
      "a refusal",
      [at("unreadable", "access-denied"), statusOf("beta")],
      "1 of 2 runtimes needs a person: unreadable-access-denied of contoso (access denied).",
    ],
    [
      "a timer that does not run",
      [at("due", "due", { dueAt: "2027-02-26T06:00:00Z" })],
      "1 of 1 runtimes needs a person: due-due of contoso (no rotation run).",
    ],
    [
      "a pause that outlives the secret",
      [at("due", "paused", { expiresAt: "2027-03-01T05:00:00Z" })],
      "1 of 1 runtimes needs a person: due-paused of contoso (paused).",
    ],
  ])("is about %s", (_what, runtimes, said) => {
    expect(headline(runtimes)).toBe(said);
  });

  test("names the most urgent first, and not all of many", () => {
    const runtimes = [
      at("blocked", "secret-disabled"),
      at("unreadable", "access-denied"),
      at("nodes-lost", "nodes-lost"),
      at("blocked", "runtime-missing"),
      at("blocked", "runtime-linked"),
    ];
    expect(headline(runtimes)).toMatch(
      /^5 of 5 runtimes need a person: nodes-lost-nodes-lost of contoso \(nodes lost\); blocked-.*; and 1 more\.$/,
    );
  });

  test("puts a compromise that is not carried out before all else, whatever its runtime's state is", () => {
    const drifted = at("drifted", "drift");
    const said = headline([at("nodes-lost", "nodes-lost"), drifted], { compromised: [drifted.runtime] });
    expect(said).toMatch(/^2 of 2 runtimes need a person: drifted-drift of contoso \(compromised\)/);
  });

  test("does not say that all is well where a scope could not be listed", () => {
    const scopes = [
      { scope: "/subscriptions/x", outcome: "failed", reason: "access-denied", message: "no right to list" },
      {
        scope: "/subscriptions/y",
        outcome: "warning",
        reason: undefined,
        message: "except: matches nothing",
      },
    ] as const;
    const text = textOf([statusOf("alpha")], { scopes });
    expect(text).not.toContain("No person is needed");
    expect(text).toContain("1 scope could not be listed, so runtimes may be missing here.");
    for (const { message } of scopes) expect(text).toContain(message);
  });
});

test.each(Object.keys(reasons) as RuntimeStatus["reason"][])("%s is told with whose move it is", (reason) => {
  expect(textOf([at("blocked", reason)])).toMatch(
    /(?:Your move|Your move, not now|The app's move|Nobody's move): \S/,
  );
});

test("runtimes come by urgency, in groups of what they belong to, and those that a person has to look at before all", () => {
  const order = page(
    fleetOf([
      statusOf("calm", {}, "one"),
      statusOf("later", { dueAt: "2027-03-05T00:00:00Z" }, "two"),
      statusOf("drifted", { state: "drifted", reason: "drift" }, "two"),
      statusOf("gone", { state: "blocked", reason: "runtime-missing" }, "one"),
      statusOf("soon", { dueAt: "2027-03-02T00:00:00Z" }, "one"),
    ]),
    SETTING,
  );
  const headings = [...order.matchAll(/<h2>(.*?)<\/h2>|<span class="name"><bdi>(\w+)/g)].map(
    ([, heading, name]) => name ?? heading?.replace(/<\/?bdi>/g, ""),
  );
  expect(headings).toEqual(["Needs a person", "gone", "two", "drifted", "later", "one", "soon", "calm"]);
});

test("what is unknown is said to be so", () => {
  const unknown = { publishedKey: null, nextKey: null, publishedAt: null, dueAt: null, expiresAt: null };
  const text = textOf([at("unreadable", "access-denied", { ...unknown, nodes: null, history: null })]);
  expect(text).toContain("key not known");
  expect(text).toContain("Unknown: they were not asked for, or could not be read.");
  expect(text).toContain("Its versions could not be listed.");
  const version = versionOf("2027-02-17T06:00:00Z", null, { reason: null });
  const node = nodeOf("shir", { version: null, registeredAt: null, registeredBeforePublish: null });
  expect(textOf([statusOf("alpha", { nodes: [node], history: [version] })])).toMatch(
    /shir ● Online unknown unknown .* unknown .* unknown unknown enabled/,
  );
});

test("counts tell apart what a person has to look at and what the next tick does, also in the same state", () => {
  const text = page(
    fleetOf([
      at("due", "due", { dueAt: "2027-03-01T00:00:00Z" }),
      at("due", "due", { dueAt: "2027-02-01T00:00:00Z" }),
    ]),
    SETTING,
  );
  expect(text.match(/<li class="\w+"><b>\d<\/b> due<\/li>/g)).toEqual([
    '<li class="you"><b>1</b> due</li>',
    '<li class="app"><b>1</b> due</li>',
  ]);
});

test("nodes that may use the key that dies next are counted, by runtime and in all", () => {
  const early = nodeOf("shir-1", { registeredBeforePublish: true });
  const text = textOf([
    statusOf("alpha", { nodes: [early, nodeOf("shir-2", { status: "Offline" })] }),
    statusOf("beta", { nodes: [early] }),
  ]);
  expect(text).toContain("2 nodes may still use a key that the next rotation regenerates");
  expect(text).toContain("1 of 2 nodes online, 1 may use authKey2");
});

test("of many versions the last six are rows, and all are points", () => {
  const history = Array.from({ length: 24 }, (_, n) =>
    versionOf(new Date(Date.parse("2027-02-01T00:00:00Z") - n * 30 * 86_400_000).toISOString(), "authKey1"),
  );
  const text = page(fleetOf([statusOf("alpha", { history })]), SETTING);
  expect(text.match(/<circle/g)).toHaveLength(24);
  expect(text.match(/<td>authKey1<\/td>/g)).toHaveLength(6);
  expect(text).toContain("and 18 more, back to");
});

test.each(HOSTILE)("%s is escaped wherever it may stand", (text) => {
  const runtime = statusOf("alpha", {
    message: text,
    secret: text,
    nodes: [nodeOf(text, { status: text, version: text })],
  });
  const scopes = [{ scope: text, outcome: "failed", reason: "access-denied", message: text }] as const;
  const made = page(
    fleetOf([{ ...runtime, runtime: `/${text.replaceAll("/", "")}/x/${text.replaceAll("/", "")}` }], {
      scopes,
    }),
    {
      ageMs: 0,
      runbookUrl: `https://wiki.contoso.com/?${text}`,
    },
  );
  const plain = page(
    fleetOf([statusOf("alpha", { nodes: [nodeOf("x")] })], {
      scopes: [{ ...scopes[0], scope: "x", message: "x" }],
    }),
    SETTING,
  );
  const tags = (html: string) => html.match(/<[a-z!/]+/g)?.filter((tag) => tag !== "<a" && tag !== "</a");
  expect(tags(made)).toEqual(tags(plain));
});

test("of a thousand runtimes the most urgent are shown in full, and each of the others in a line", () => {
  const made = page(thousand(), SETTING);
  expect(
    made.match(/<li (?:id="\w+" )?class="(?:you|app|later|waits|nobody)"><(?:div|details)/g),
  ).toHaveLength(1000);
  const whole = made.match(/Nodes of shir-/g)?.length ?? 0;
  expect(whole).toBeGreaterThan(20);
  expect(whole).toBeLessThan(100);
  expect(made).toContain("Nodes of shir-0500");
  expect(made).toContain("in a line each");
  expect(page(fleetOf([statusOf("alpha")]), SETTING)).not.toContain("in a line each");
  expect(Buffer.byteLength(made)).toBeLessThan(500_000);
});
