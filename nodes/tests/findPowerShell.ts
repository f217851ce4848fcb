import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const packages = join(import.meta.dirname, "../../.tools/packages");
/** The versions that tools/powershell.csproj restores. */
const shell = join(packages, "powershell/7.6.9/tools/net10.0/any/unix/pwsh.dll");
const pester = join(packages, "pester/6.2.0/tools/Pester.psd1");

/**
 * PowerShell and Pester, restored with `dotnet`; where there is no .NET 10 to run that PowerShell, the one on the PATH.
 * @returns the command that starts PowerShell, or why there is none
 */
export async function findPowerShell(): Promise<{ command: string[]; pester: string } | { missing: string }> {
  try {
    if (!(await exists(shell)) || !(await exists(pester))) {
      await run("dotnet", ["restore", join(import.meta.dirname, "tools/powershell.csproj")]);
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return { missing: "no dotnet on the PATH to restore PowerShell and Pester with" };
    return { missing: "dotnet could not restore PowerShell and Pester" };
  }
  for (const command of [["dotnet", shell], ["pwsh"]]) {
    if (await isRecent(command)) return { command, pester };
  }
  return {
    missing: "no .NET 10 to run the restored PowerShell with, and no pwsh of 7.4 or newer on the PATH",
  };
}

async function isRecent([file = "", ...args]: readonly string[]): Promise<boolean> {
  const test = "exit [int] ($PSVersionTable.PSVersion -lt [version] '7.4')";
  return run(file, [...args, "-NoProfile", "-Command", test]).then(
    () => true,
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
