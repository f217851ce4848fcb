import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { snapshotOf } from "./snapshots.ts";
import { type Answer, destructive, findPwsh, operate, StandIns } from "./standIn.ts";

const PRINCIPAL = "aaaaaaaa-0000-0000-0000-000000000001";
const VAULT =
  "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-data/providers/Microsoft.KeyVault/vaults/kv-sales";
const RUNTIME =
  "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-data/providers/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/onprem";
const assignment = (n: number, principalId = PRINCIPAL) => ({
  id: `${RUNTIME}/providers/Microsoft.Authorization/roleAssignments/bbbbbbbb-0000-0000-0000-00000000000${n}`,
  principalId,
});
const rotator = {
  name: "cccccccc-0000-0000-0000-000000000001",
  roleName: "Integration Runtime Key Rotator (4uutrqilimnuo)",
};
const finder = {
  name: "cccccccc-0000-0000-0000-000000000002",
  roleName: "Integration Runtime Finder (4uutrqilimnuo)",
};
const subscription = {
  name: "published-key-near-expiry-0-4uutrqilimnuo",
  destination: { properties: { actionGroups: ["/subscriptions/x/resourceGroups/rg-rotation/providers/y"] } },
};

/** An Azure in which all is well. */
const good: readonly Answer[] = [
  {
    when: "functionapp list",
    says: [
      { name: "func-of-somebody-else", tags: null },
      { name: "func-irkeys-4uutrqilimnuo", tags: { "azd-service-name": "rotation" } },
    ],
  },
  { when: "functionapp show .*defaultHostName", says: ["rotation.example"] },
  { when: "functionapp show .*--query id", says: ["/subscriptions/s/sites/func"] },
  { when: "functionapp keys list .*masterKey", says: ["FAKE-master-key"] },
  {
    when: "functionapp function keys list .*--function-name status .*--query default",
    says: ["FAKE-status-key"],
  },
  {
    when: "functionapp function keys list .*--function-name rotateOnDemand .*--query default",
    says: ["FAKE-function-key"],
  },
  {
    when: "functionapp function list",
    says: ["func/status", "func/rotateOnDemand", "func/rotateOnSchedule"],
  },
  { when: "functionapp deployment source config-zip" },
  { when: "identity show .*--name id-irkeys-4uutrqilimnuo", says: [PRINCIPAL] },
  {
    when: "workspace show .*--workspace-name log-irkeys-4uutrqilimnuo",
    says: ["dddddddd-0000-0000-0000-000000000001"],
  },
  { when: "cloud show", says: ["https://management.azure.com/"] },
  { when: "role assignment list", says: [assignment(1), assignment(2), assignment(3, "somebody-else")] },
  { when: "role definition list", says: [rotator, finder] },
  { when: "event-subscription list", says: [subscription] },
];
const but = (...answers: readonly Answer[]): readonly Answer[] => [...answers, ...good];

const pwsh = findPwsh();
const zip = join(tmpdir(), `app-${process.pid}.zip`);
const shells: [shell: string, command: readonly [string, ...string[]]][] = [
  ["bash", ["bash", join(operate, "rotation.sh"), "rg-rotation"]],
];
if (pwsh !== undefined) {
  shells.push(["pwsh", [pwsh, "-NoProfile", "-File", join(operate, "rotation.ps1"), "rg-rotation"]]);
}

test("whatever role the template defines, it is found again when everything is removed", () => {
  const roles = snapshotOf("patterns").of("Microsoft.Authorization/roleDefinitions");
  expect(roles).toHaveLength(3);
  for (const file of ["remove-roles.sh", "remove-roles.ps1"]) {
    const prefix = /'(Integration Runtime [^'*]*)/.exec(readFileSync(join(operate, file), "utf8"))![1]!;
    for (const { properties } of roles) expect(properties.roleName.startsWith(prefix)).toBe(true);
  }
});

test("there is a PowerShell to run its scripts in", ({ skip }) => {
  skip(!process.env.CI, "no pwsh, and no dotnet to restore it with");
  expect(pwsh).toBeDefined();
});

describe.each(shells)("in %s", { timeout: 120_000 }, (shell, command) => {
  let standIns: StandIns;
  beforeAll(() => {
    standIns = new StandIns(["az", "curl"]);
    writeFileSync(zip, "");
  });
  afterAll(() => standIns[Symbol.dispose]());

  const run = (words: readonly string[], answers: readonly Answer[] = good, input = "") =>
    standIns.run([...command, ...words] as [string, ...string[]], {
      answers,
      input,
      env: { ROTATION_PAUSE: "0" },
    });

  test("finds the names of a deployment, whoever made it", () => {
    const { status, output } = run(["names"]);
    expect(status).toBe(0);
    expect(output.split(/\r?\n/).filter(Boolean)).toEqual([
      "app func-irkeys-4uutrqilimnuo",
      "host rotation.example",
      `principal ${PRINCIPAL}`,
      "workspace dddddddd-0000-0000-0000-000000000001",
      "storage stirkeys4uutrqilimnuo",
    ]);
  });

  test("asks for the key of the function that it calls and for no other, and for the master key for a tick alone", () => {
    const expected: [words: string[], key: string][] = [
      [["status"], "functionapp function keys list status"],
      [["preview"], "functionapp function keys list rotateOnDemand"],
      [["rotate", "a"], "functionapp function keys list rotateOnDemand"],
      [["compromised", "a"], "functionapp function keys list rotateOnDemand"],
      [["tick"], "functionapp keys list"],
    ];
    for (const [words, key] of expected) {
      const asked = run(words)
        .calls.filter(({ args }) => args.includes("keys"))
        .map(({ args }) => [
          ...args.slice(0, args.indexOf("list") + 1),
          ...args.slice(args.indexOf("--function-name") + 1 || args.length).slice(0, 1),
        ]);
      expect([words, asked.map((args) => args.join(" "))]).toEqual([words, [key]]);
    }
  });

  test("deletes the assignments of the app's own principal, shown and confirmed, and nobody else's", () => {
    const { status, output, calls } = run(["remove-assignments", "sub"], good, "yes\n");
    expect(status).toBe(0);
    expect(output).toContain(assignment(1).id);
    expect(destructive(calls)).toEqual(
      [1, 2].map((n) => `az role assignment delete --ids ${assignment(n).id}`),
    );
  });

  test("deletes the event subscriptions and the roles of this deployment once they are confirmed", () => {
    expect(destructive(run(["remove-subscriptions", VAULT], good, "yes\n").calls)).toEqual([
      `az eventgrid event-subscription delete --source-resource-id ${VAULT} --name ${subscription.name}`,
    ]);
    expect(destructive(run(["remove-roles", "sub"], good, "yes\n").calls)).toEqual([
      `az role definition delete --name ${rotator.name} --subscription sub`,
      `az role definition delete --name ${finder.name} --subscription sub`,
    ]);
    expect(destructive(run(["remove-node", RUNTIME, "old-node"], good, "yes\n").calls)).toEqual([
      `az rest --method delete --url https://management.azure.com${RUNTIME}/nodes/old-node?api-version=2018-06-01`,
    ]);
  });

  // A PowerShell takes a second to start, so only what is deleted by a list is tried there in every way.
  const all = shell === "bash";
  const removals = [
    ["remove-assignments", "sub"],
    ["remove-subscriptions", VAULT],
    ["remove-roles", "sub"],
    ["remove-node", RUNTIME, "old-node"],
  ];
  const unusable: [string, readonly Answer[], string][] = [
    ["every command answers nothing", [], "yes\n"],
    ["every command fails", [{ when: ".", fails: true }], "yes\n"],
    ["every command answers two lines", [{ when: ".", says: ["one", "two"] }], "yes\n"],
    ["the identity is not found", but({ when: "identity show|functionapp list|cloud show" }), "yes\n"],
    ["nobody confirms", good, ""],
    ["the answer is not yes", good, "y\n"],
    [
      "there are two apps of the service",
      but(
        {
          when: "functionapp list",
          says: ["a", "b"].map((n) => ({
            name: `func-${n}-4uutrqilimnuo`,
            tags: { "azd-service-name": "rotation" },
          })),
        },
        { when: "cloud show" },
      ),
      "yes\n",
    ],
    [
      "the app was not named by the template",
      but({ when: "functionapp list", says: ["other"] }, { when: "cloud show" }),
      "yes\n",
    ],
    ["a list fails", but({ when: " list ", fails: true }), "yes\n"],
  ];
  test.each(unusable)("removes nothing where %s", (what, answers, input) => {
    for (const words of all ? removals : removals.slice(0, 1)) {
      // A node is named by the person: only the address can be missing.
      if (words[0] === "remove-node" && what === "a list fails") continue;
      if (words[0] === "remove-subscriptions" && /identity|app/.test(what)) continue;
      const { status, calls } = run(words, answers, input);
      expect([words[0], destructive(calls), status !== 0]).toEqual([words[0], [], true]);
    }
  });

  test("removes nothing where one line of a list is not what it should be", () => {
    const strange = { id: "/subscriptions/s", name: "x", principalId: PRINCIPAL };
    for (const words of removals.slice(0, 3)) {
      const answers = but({
        when: "role assignment list|definition list|event-subscription list",
        says: [strange],
      });
      const { status, calls } = run(words, answers, "yes\n");
      expect([words[0], destructive(calls), status !== 0]).toEqual([words[0], [], true]);
    }
  });

  test("shows what the owners run, of the latest deployment that has it", () => {
    const { status, calls } = run(["owner-commands"], but({ when: "deployment group list", says: [] }));
    expect(status).toBe(0);
    expect(calls.map(({ args }) => args.slice(0, 3).join(" "))).toEqual(["deployment group list"]);
  });

  test("a push is tried again where the first is refused, and ends when the host knows the three functions", () => {
    const pushed = run(["push", zip]);
    expect([pushed.status, pushed.output]).toEqual([0, expect.stringMatching(/the host knows/)]);
    expect(pushed.calls.map(({ args }) => args.join(" "))).toContain(
      "rest --method post --url https://management.azure.com/subscriptions/s/sites/func/host/default/sync?api-version=2024-11-01 --output none",
    );
    const refused = run(["push", zip], but({ when: "config-zip", fails: true }));
    expect(refused.status).toBe(1);
    expect(refused.calls.filter(({ args }) => args.includes("config-zip"))).toHaveLength(8);
  });

  test.each(
    [
      ["three, of other names", ["func/a", "func/b", "func/c"]],
      ["only the warm-up", ["func/WarmUp"]],
      ["none", []],
    ].slice(0, all ? 3 : 1) as [string, string[]][],
  )("a push fails where the host lists %s", (_, says) => {
    const { status, output } = run(["push", zip], but({ when: "functionapp function list", says }));
    expect([status, output]).toEqual([1, expect.stringMatching(/the host knows other functions/)]);
  });

  test.each([["rotate"], ["compromised"]])("%s names somebody, and nothing that is no name", (word) => {
    expect(run([word]).status).toBe(1);
    const { status, calls, output } = run([word, 'a"]}']);
    expect([status, calls]).toEqual([1, []]);
    expect(output).toContain("is no secret name and no ARM id");
  });
});

describe("a call of the app", () => {
  test("in bash: key and token reach curl by its standard input, the names by the body", () => {
    using standIns = new StandIns(["az", "curl"]);
    const { status, calls } = standIns.run(
      ["bash", join(operate, "rotation.sh"), "rg", "compromised", "a-b"],
      {
        answers: but({ when: "get-access-token", says: ["FAKE-token"] }),
        env: { ROTATION_AUDIENCE: "api://x" },
      },
    );
    expect(status).toBe(0);
    const curl = calls.find(({ name }) => name === "curl");
    expect(curl?.args.join(" ")).toMatch(
      /https:\/\/rotation\.example\/api\/rotate --request POST --data {"runtimes": \["a-b"\], "compromised": true}$/,
    );
    expect(curl?.args.join(" ")).not.toContain("FAKE");
    expect(curl?.stdin).toBe(
      'header = "x-functions-key: FAKE-function-key"\nheader = "Authorization: Bearer FAKE-token"\n',
    );
  });

  test.skipIf(pwsh === undefined)("in pwsh: the same request", () => {
    using standIns = new StandIns(["az"]);
    const script = `function Invoke-WebRequest { param($Uri, $Headers, $Method, $Body, $ContentType, [switch] $UseBasicParsing)
      @{ StatusCode = 200; Content = "$Method $Uri $Body $($Headers['x-functions-key'])" } }
      & '${join(operate, "rotation.ps1")}' rg compromised a-b c`;
    const { output } = standIns.run([pwsh!, "-NoProfile", "-Command", script], { answers: good });
    expect(output).toContain(
      'Post https://rotation.example/api/rotate {"runtimes": ["a-b","c"], "compromised": true} FAKE-function-key',
    );
  });
});
