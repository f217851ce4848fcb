import { style } from "../style.ts";

/** The calls to try, in an order in which each shows something. */
export function callsToTry(app: string, clock: string, key: string | undefined): string {
  const query = key === undefined ? "" : `?code=${key}`;
  const rotate = (body: string) => `curl -X POST "${app}/api/rotate${query}" -d '${body}'`;
  const advance = (by: string) => `curl -X POST "${clock}/local/clock?advance=${by}"`;
  const calls: [string, string][] = [
    ["how every runtime stands", `curl "${app}/api/status${query}"`],
    ["two days pass: the overlap is over, nothing is due yet", advance("P2D")],
    ["what a rotation would do, without doing it", rotate('{"runtimes": ["berlin"], "dryRun": true}')],
    [
      "rotate one runtime now; a second time it is refused, for the overlap",
      rotate('{"runtimes": ["berlin"]}'),
    ],
    ["both keys leaked: regenerate both at once", rotate('{"runtimes": ["lisbon"], "compromised": true}')],
    ["a month passes: the rotations that are due", advance("P31D")],
  ];
  const lines = calls.flatMap(([what, call]) => [style.dim(`  # ${what}`), `  ${call}`]);
  return ["Try, in another terminal:", "", ...lines, ""].join("\n");
}
