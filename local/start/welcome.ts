import { style } from "../style.ts";

/** Where to look, and the calls to try, in an order in which each shows something. */
export function welcome(app: string, levers: string, key: string | undefined): string {
  const query = key === undefined ? "pretty" : `code=${key}&pretty`;
  const rotate = (body: string) => `curl "${app}/api/rotate?${query}" \\\n    -d '${body}'`;
  const post = (path: string) => `curl -X POST "${levers}${path}"`;
  const calls: [what: string, call: string][] = [
    ["a tick, an hour later: it repairs vienna, riga and oslo", post("/local/clock?advance=PT1H")],
    ["the script comes on all nodes: hamburg is healed", post("/local/nodes")],
    ["a day passes: porto and tallinn have their turn", post("/local/clock?advance=P1D")],
    ["what a rotation would do, without doing it", rotate('{"runtimes": ["berlin"], "dryRun": true}')],
    ["rotate berlin now; a second time it is refused", rotate('{"runtimes": ["berlin"]}')],
    [
      "both keys are known to others: regenerate both",
      rotate('{"runtimes": ["lisbon"], "compromised": true}'),
    ],
  ];
  return [
    `Status  ${app}/api/status?${query}`,
    style.dim("        a page in a browser, JSON for curl"),
    `Clock   ${levers}/`,
    "",
    "Try, in another terminal:",
    "",
    ...calls.flatMap(([what, call]) => [style.dim(`  # ${what}`), `  ${call}`]),
    "",
  ].join("\n");
}
