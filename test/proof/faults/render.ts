import type { CellReport } from "./shard.ts";

const COLUMNS = [
  "Fault",
  "Outcome",
  "Vault after it",
  "Regenerated",
  "Lease",
  "Calls",
  "Waited",
  "Next runs",
];

const INTRODUCTION = `# What happens when

Written by \`node test/proof/faults/matrix.ts --full\`, which plays every fault at every call through the real
SDKs, over TLS, with real blob leases, and fails where a promise is broken; \`npm run prove\` repeats it.

- **Fault**: what the service answered, or did not. *after* means that the service had done the work by then,
  *once* that only the first try met it and the SDK's second one did not; without a word it met every try, before
  any work was done.
- **Outcome**: of that run, as in its log line and answer.
- **Vault after it**: whether the latest version names a live key, how many versions were added, and whether an
  intent was left for the next run.
- **Regenerated**: how many keys the service regenerated in that run, told or not.
- **Lease**: whether it was given back, runs out by itself after 60 s, or was never taken.
- **Calls**: to the vault, to Azure Resource Manager, and to the storage account, retries included.
- **Waited**: the seconds that the run stood still for an answer, or because it was asked to come back later, where
  these are many; all else takes a second or two.
- **Next runs**: what the next ticks come to, the fault being over; where a lease had to run out, it did after
  the first of them. After what is listed there is nothing left to do.

A vault that says that a secret does not exist is believed, and so is one that says that it was written: Key Vault
has no other way to ask. The app then publishes a live key again, which costs nobody anything.
`;

/** The table for people: faults that come to the same share a row. */
export function render(reports: readonly CellReport[]): string {
  const ordered = reports.toSorted((a, b) => a.row.order - b.row.order);
  const scenarios = group(ordered, ({ row }) => row.scenario);
  const sections = [...scenarios].flatMap(([scenario, here]) => [
    `## ${scenario}`,
    ...[...group(here, ({ row }) => row.step)].flatMap(([step, cells]) => [
      `### ${capital(step)}`,
      table(cells),
    ]),
  ]);
  return `${[INTRODUCTION.trimEnd(), ...sections].join("\n\n")}\n`;
}

function table(cells: readonly CellReport[]): string {
  const rows = [...group(cells, ({ result }) => cellsOf(result).join(" | "))];
  const lines = rows.map(([rest, same]) => `| ${faultsOf(same)} | ${rest} |`);
  return [`| ${COLUMNS.join(" | ")} |`, `|${" --- |".repeat(COLUMNS.length)}`, ...lines].join("\n");
}

function cellsOf({
  outcome,
  vault,
  minted,
  lease,
  calls,
  waited,
  next,
}: CellReport["result"]): readonly string[] {
  return [outcome, vault, String(minted), lease, calls, waited === 0 ? "–" : `${waited} s`, next];
}

/** Each fault once, with the moments and the number of tries at which it came to the same. */
function faultsOf(cells: readonly CellReport[]): string {
  return [...group(cells, ({ row }) => row.kind)]
    .map(([kind, same]) => {
      const variants = same.map(({ row }) =>
        [row.when === "after" ? "after" : "", row.hit === "once" ? "once" : ""].filter(Boolean).join(", "),
      );
      const told = variants.map((variant) => (variant === "" ? "before" : variant));
      return told.length === 1 && told[0] === "before" ? kind : `${kind} (${told.join("; ")})`;
    })
    .join("<br>");
}

function group<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(items, keyOf);
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
