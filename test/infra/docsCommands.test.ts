import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, destructive, findPwsh, StandIns } from "./standIn.ts";

const root = join(import.meta.dirname, "../..");
const pwsh = findPwsh();

interface Block {
  readonly where: string;
  readonly language: string;
  readonly text: string;
  /** Another block for the other shell comes right after it. */
  readonly paired: boolean;
}

/** What the documents tell people to type. Where something is to be filled in, as it would be. */
const blocks = ["deploy.md", "hardening.md", "runbook.md"].flatMap((name): Block[] => {
  const [text] = readFileSync(join(root, "docs", name), "utf8").split("# How nodes read the secret");
  const found = [...text!.matchAll(/^ *```(sh|powershell)\n([\s\S]*?)^ *```\n(?=(\s*```powershell)?)/gm)];
  return found.map(([, language, body, pair], i) => ({
    where: `${name} ${i + 1}`,
    language: language!,
    text: body!.replace(/<[^>\n]+>/g, "filled-in").replace(/^ +/gm, ""),
    paired: pair !== undefined,
  }));
});
const sh = blocks.filter(({ language }) => language === "sh");
const common = sh.filter(({ paired }) => !paired);
const names = ["az", "azd", "gh", "rotation"];

describe("the commands of the documents", { timeout: 120_000 }, () => {
  let standIns: StandIns;
  beforeAll(() => {
    standIns = new StandIns([...names, "zip", "curl"]);
  });
  afterAll(() => standIns[Symbol.dispose]());

  const modes: [string, readonly Answer[]][] = [
    ["nothing", []],
    ["an error", [{ when: ".", fails: true }]],
    ["several lines", [{ when: ".", says: ["ANSWER-1", "ANSWER-2"] }]],
  ];
  test.each(modes)(
    "delete, stop and change nothing but what they name, where everything answers %s",
    (_, answers) => {
      for (const { where, text } of sh) {
        const { calls } = standIns.run(
          ["bash", "-c", text.replaceAll("infra/operate/rotation.sh rg-rotation", "-c exit")],
          {
            answers,
          },
        );
        const typed = text.split("\n").map((line) => line.replace(/\s*#.*$/, "").replaceAll('"', ""));
        for (const call of destructive(calls))
          expect([where, typed]).toEqual([where, expect.arrayContaining([call])]);
        expect([where, JSON.stringify(calls)]).toEqual([where, expect.not.stringContaining("ANSWER")]);
      }
    },
  );

  test("no command is built of what another answered", () => {
    for (const { where, text } of blocks) {
      const lines = text.split("\n").filter((line) => /\$\(|xargs|`/.test(line));
      expect([where, lines]).toEqual([where, []]);
    }
  });

  test.skipIf(pwsh === undefined)("mean the same in PowerShell, where no other is given for it", () => {
    const run = (command: readonly [string, ...string[]]) => {
      const { calls, output } = standIns.run(command, { answers: [] });
      return { calls: calls.map(({ name, args }) => [name, ...args]), output };
    };
    const text = common.map((block) => block.text).join("\n");
    const inBash = run(["bash", "-c", text]);
    expect(inBash.calls.length).toBeGreaterThan(20);
    const inPowerShell = run([pwsh!, "-NoProfile", "-Command", text]);
    expect(inPowerShell.calls).toEqual(inBash.calls);
  });

  test.skipIf(pwsh === undefined)("that are for PowerShell are PowerShell", () => {
    for (const { where, text } of blocks.filter(({ language }) => language === "powershell")) {
      const parse = `$errors = $null; $null = [Management.Automation.Language.Parser]::ParseInput(@'\n${text}\n'@, [ref] $null, [ref] $errors); $errors.Count`;
      const { output } = standIns.run([pwsh!, "-NoProfile", "-Command", parse], { answers: [] });
      expect([where, output.trim()]).toEqual([where, "0"]);
    }
  });
});
