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
 * The Bicep compiler: on the PATH, of the Azure CLI, or restored with `dotnet`.
 * @returns its path, or why there is none
 */
export async function findBicep(): Promise<{ path: string } | { missing: string }> {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const candidates = [...folders, join(homedir(), ".azure/bin")].map((folder) => join(folder, executable));
  for (const path of [...candidates, restored]) {
    if ((await exists(path)) && (await isRecent(path))) return { path };
  }
  try {
    await run("dotnet", ["restore", join(root, "infra/tools/bicep.csproj"), `-p:BicepPlatform=${platform}`]);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const why =
      code === "ENOENT" ? "no dotnet on the PATH to restore it with" : "dotnet could not restore it";
    return { missing: `no Bicep compiler of version ${VERSION} or newer, and ${why}` };
  }
  return (await exists(restored)) ? { path: restored } : { missing: `no Bicep compiler for ${platform}` };
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
