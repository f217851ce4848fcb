/** `npm run test:nodes`: the tests of what runs on a node, with Pester on a real PowerShell. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPowerShell } from "./findPowerShell.ts";
import { startTestWorld } from "./world.ts";

const found =
  process.platform === "win32" ? { missing: "the stand-ins need a Unix shell" } : await findPowerShell();
if ("missing" in found) {
  console.error(`nodes: not tested, ${found.missing}`);
  process.exit(process.env.CI ? 1 : 0);
}
const scratch = await mkdtemp(join(tmpdir(), "nodes-"));
const world = await startTestWorld(scratch);
const [command = "", ...args] = found.command;
const pester = spawn(
  command,
  [
    ...args,
    "-NoProfile",
    "-NonInteractive",
    "-File",
    join(import.meta.dirname, "pester.ps1"),
    ...process.argv.slice(2),
  ],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      ...world.env,
      // Those of App Service and of other tools would be taken for Arc's.
      IDENTITY_ENDPOINT: "",
      POWERSHELL_TELEMETRY_OPTOUT: "1",
      POWERSHELL_UPDATECHECK: "Off",
      NODES_PESTER: found.pester,
      NODES_POWERSHELL: JSON.stringify(found.command),
      NODES_SCRATCH: scratch,
      NODES_WORLD: world.url,
    },
  },
);
process.exitCode = await new Promise<number>((resolve) => pester.once("exit", (code) => resolve(code ?? 1)));
await world.stop();
await rm(scratch, { recursive: true, force: true });
