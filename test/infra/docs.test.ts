import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reasons } from "../support/reasons.ts";
import { snapshotOf } from "./snapshots.ts";

const docs = join(import.meta.dirname, "../../docs");
const runbook = readFileSync(join(docs, "runbook.md"), "utf8");
const hardening = readFileSync(join(docs, "hardening.md"), "utf8");
const headings = runbook.split("\n").filter((line) => line.startsWith("#"));

test("the runbook has a section for each reason, and for no other", () => {
  const sections = headings
    .filter((line) => line.startsWith("### "))
    .map((line) => line.replace(/[#` ]/g, ""));
  expect(sections.sort()).toEqual(Object.keys(reasons).sort());
});

test("each of these sections says whether anybody is locked out", () => {
  for (const section of runbook.split(/^#+ /m).filter((text) => text.startsWith("`"))) {
    expect(section).toMatch(/locked\s+out/i);
  }
});

test("the runbook has a section for each alert, by the name that the operator is shown", () => {
  const rules = snapshotOf("bank").of("Microsoft.Insights/scheduledQueryRules");
  expect(rules.length).toBeGreaterThan(
    snapshotOf("one-runtime").of("Microsoft.Insights/scheduledQueryRules").length,
  );
  for (const { properties } of rules) expect(headings).toContain(`## ${properties.displayName}`);
  expect(headings).toContain("## A published key is close to its expiry");
});

test("the first words of each alert's section say whether anybody is locked out now", () => {
  const alerts = runbook.split("# Alerts\n")[1]!.split("# Reasons\n")[0]!.split(/^## /m).slice(1);
  expect(alerts.length).toBeGreaterThan(4);
  for (const section of alerts) expect(section).toMatch(/^.*\n\n\*\*(Nobody is locked out|Locked out is)/);
});

test("what the documents have `rotation` do, it does in both shells, and nothing that it does is left out", () => {
  const deploy = readFileSync(join(docs, "deploy.md"), "utf8");
  const typed = [
    ...`${deploy}${hardening}${runbook}`.matchAll(
      /(?:^ *|`|rotation\.(?:sh|ps1) rg-)rotation ([a-z]+(?:-[a-z]+)*)\b/gm,
    ),
  ].map(([, word]) => word!);
  const words = (file: string) => {
    const text = readFileSync(join(docs, "../infra/operate", file), "utf8");
    const usage = /usage: [\s\S]*?(?:With Entra|\n\n)/.exec(text)![0];
    return new Set(usage.match(/[a-z]+(?:-[a-z]+)*/g));
  };
  for (const word of new Set(typed)) {
    expect([word, words("rotation.sh").has(word), words("rotation.ps1").has(word)]).toEqual([
      word,
      true,
      true,
    ]);
  }
  for (const word of [
    "tick",
    "status",
    "push",
    "nodes",
    "remove-node",
    "lock",
    "owner-commands",
    "remove-roles",
  ]) {
    expect(typed).toContain(word);
  }
});

test("each alert links to its section, where the address of the runbook is known", () => {
  const anchors = headings.map((line) => line.replace(/^#+ /, "").toLowerCase().replace(/ /g, "-"));
  const address = "https://github.com/contoso/rotation/blob/main/docs/runbook.md#";
  const { of } = snapshotOf("bank");
  const texts = [
    ...of("Microsoft.Insights/scheduledQueryRules").map(({ properties }) => properties.description),
    ...of("Microsoft.EventGrid/eventSubscriptions").map(
      ({ properties }) => properties.destination.properties.description,
    ),
  ];
  expect(texts.length).toBeGreaterThan(4);
  for (const text of texts) {
    const [, anchor] = text.split(address);
    expect(anchors).toContain(anchor);
  }
  for (const { properties } of snapshotOf("one-runtime").of("Microsoft.Insights/scheduledQueryRules")) {
    expect(properties.description).toMatch(/ See docs\/runbook\.md\.$/);
  }
});

test("each alert links to the workbook, which has the order of the status page", () => {
  const { of } = snapshotOf("bank");
  const [workbook] = of("Microsoft.Insights/workbooks");
  const alerts = [
    ...of("Microsoft.Insights/scheduledQueryRules").map(({ properties }) => properties.description),
    ...of("Microsoft.EventGrid/eventSubscriptions").map(
      ({ properties }) => properties.destination.properties.description,
    ),
  ];
  expect(alerts.length).toBeGreaterThan(10);
  for (const description of alerts) {
    const [, link] = / Workbook: (\S+) /.exec(description)!;
    expect(link).toMatch(/^https:\/\/portal\.azure\.com\/#@[0-9a-f-]{36}\/resource\/subscriptions\//);
    expect(link).toContain(`/resource${workbook?.id}/workbook`);
  }
  const { items } = JSON.parse(workbook?.properties.serializedData);
  expect(items.map(({ name }: { name: string }) => name)).toEqual([
    "Needs a person",
    "Ages of the keys",
    "Outcomes of each runtime by day",
    "Problems",
    "Nodes that were lost",
    "Due and waiting",
  ]);
});

test("what the documents name is there", () => {
  const deploy = readFileSync(join(docs, "deploy.md"), "utf8");
  const main = readFileSync(join(docs, "../infra/main.bicep"), "utf8");
  for (const [, name] of `${deploy}${hardening}`.matchAll(/param (\w+) =/g))
    expect(main).toContain(`param ${name} `);
  for (const [, name] of `${deploy}${runbook}`.matchAll(/properties\.outputs\.(\w+)\.value/g)) {
    expect(main).toContain(`output ${name} `);
  }
  for (const [path] of `${deploy}${hardening}${runbook}`.matchAll(
    /\binfra\/[\w./-]+\.(?:bicep|bicepparam|kql|json)\b/g,
  )) {
    expect(() => readFileSync(join(docs, "..", path))).not.toThrow();
  }
});

/** The first cells of the table that begins with this heading. */
function rowsOf(text: string, heading: string): string[][] {
  const rows = text
    .slice(text.indexOf(`| ${heading} |`))
    .split("\n\n")[0]!
    .split("\n")
    .slice(2);
  return rows.map((row) =>
    row
      .split("|")
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
}

test("every option of a strict platform has a row that says what it costs and needs", () => {
  const source = (file: string) => readFileSync(join(docs, "../infra", file), "utf8");
  const options = source("hardening.bicep")
    .split("type exemptions")[0]!
    .match(/^ {2}\w+(?=: .*\?$)/gm)!;
  const rows = rowsOf(hardening, "option");
  expect(rows.map(([name]) => name)).toEqual(options.map((name) => `\`${name.trim()}\``));
  const kinds = [...source("inbound.bicep").matchAll(/kind: '(\w+)'/g)].map(([, kind]) => kind);
  const inbound = rowsOf(hardening, "`inbound`");
  expect(inbound.map(([cell]) => /kind: '(\w+)'/.exec(cell!)![1])).toEqual(kinds);
  for (const [name, , costs] of [...rows, ...inbound])
    expect([name, costs]).toEqual([name, expect.stringMatching(/./)]);
});

test("the rules for subnets of others are those that a network of the template's own has", () => {
  const rows = rowsOf(hardening, "subnet");
  const groups = snapshotOf("private-network").of("Microsoft.Network/networkSecurityGroups");
  const allowed = groups[0]!.properties.securityRules
    .filter(
      ({ properties }: { properties: { access: string; direction: string } }) =>
        properties.access === "Allow" && properties.direction === "Outbound",
    )
    .map(
      ({ properties }: { properties: { destinationAddressPrefix: string } }) =>
        properties.destinationAddressPrefix,
    );
  const told = rows
    .filter(([subnet, , , what]) => subnet === "app" && what !== "refused")
    .flatMap(([, , tags]) => [...tags!.matchAll(/`(\w+)`/g)].map(([, tag]) => tag));
  expect(told.sort()).toEqual(allowed.sort());
});
