import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const executable = process.platform === "win32" ? "bicep.exe" : "bicep";
/** The version that infra/tools/bicep.csproj restores. An older one lints and formats differently. */
const VERSION = "0.47.16";

const platforms: Readonly<Record<string, string>> = { linux: "linux", darwin: "osx", win32: "win" };
const platform = `${platforms[process.platform]}-${process.arch}`;
const restored = join(
  root,
  `.tools/packages/azure.bicep.commandline.${platform}/${VERSION}/tools`,
  executable,
);

/**
 * The Bicep compiler: the pinned one, restored with `dotnet`, because another formats and lints differently; where there
 * is none, a newer one on the PATH or of the Azure CLI.
 * @returns its path, or why there is none
 */
export async function findBicep(): Promise<{ path: string } | { missing: string }> {
  if (await exists(restored)) return { path: restored };
  const why = await restore();
  if (await exists(restored)) return { path: restored };
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  for (const folder of [...folders, join(homedir(), ".azure/bin")]) {
    const path = join(folder, executable);
    if ((await exists(path)) && (await isRecent(path))) return { path };
  }
  return { missing: `no Bicep compiler of version ${VERSION} or newer, and ${why}` };
}

/** @returns why it could not be restored, where it could not */
async function restore(): Promise<string> {
  try {
    await run("dotnet", ["restore", join(root, "infra/tools/bicep.csproj"), `-p:BicepPlatform=${platform}`]);
    return `there is none for ${platform}`;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "ENOENT" ? "no dotnet on the PATH to restore it with" : "dotnet could not restore it";
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function isRecent(path: string): Promise<boolean> {
  try {
    const { stdout } = await run(path, ["--version"]);
    const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? "0";
    return version.localeCompare(VERSION, "en", { numeric: true }) >= 0;
  } catch {
    return false;
  }
}
