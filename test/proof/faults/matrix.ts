/**
 * Every fault at every call of every service, through the real SDKs: `node test/proof/faults/matrix.ts`
 * prints what breaks a promise; with `--full` it also writes what happens when into docs/faults.md.
 */
import { writeFile } from "node:fs/promises";
import { createCertificateAuthority } from "../../../local/azure/certificates.ts";
import { nameOf } from "./cells.ts";
import { startChild } from "./children.ts";
import { render } from "./render.ts";
import type { CellReport } from "./shard.ts";

const SHARDS = 2;
const started = performance.now();
const authority = await createCertificateAuthority();
const env = { NODE_EXTRA_CA_CERTS: authority.certPath, LOCAL_AZURE_CA_KEY: authority.keyPath };
const reports: CellReport[] = [];
let broken = 0;
try {
  const shards = Array.from({ length: SHARDS }, (_, part) =>
    startChild(new URL("./shard.ts", import.meta.url), [String(part), String(SHARDS)], env),
  );
  for (const { process } of shards) {
    process.on("message", (report: CellReport) => {
      reports.push(report);
      const { violations } = report.result;
      if (violations.length > 0) console.log(`${nameOf(report.row)}: ${violations.join("; ")}`);
    });
  }
  for (const shard of shards) {
    const [code] = (await shard.exited) as [number | null];
    if (code === 0) continue;
    broken += 1;
    console.log(shard.output());
  }
} finally {
  await authority.stop();
}

if (process.argv.includes("--full")) {
  await writeFile(new URL("../../../docs/faults.md", import.meta.url), render(reports));
}
const failed = reports.filter(({ result }) => result.violations.length > 0).length;
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`faults: ${reports.length} cells, ${failed} break a promise, ${seconds} s`);
process.exitCode = failed + broken > 0 || reports.length === 0 ? 1 : 0;
