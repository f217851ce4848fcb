import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const ROOT = resolve(import.meta.dirname, "../..");

/** What is deployed, alone in a folder from which no `node_modules` is in sight. */
export async function copyBuiltApp(): Promise<{ folder: string; remove(): Promise<void> }> {
  const temporary = await mkdtemp(join(tmpdir(), "built-app-"));
  const folder = join(temporary, "wwwroot");
  const remove = () => rm(temporary, { recursive: true, force: true });
  try {
    await cp(join(ROOT, "dist"), folder, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    // Whoever runs the tests without `npm test` may not have built it.
    const place = join(temporary, "project");
    await cp(join(ROOT, "package.json"), join(place, "package.json"));
    const inputs = ["src", "node_modules", "host.json", "LICENSE", "tsconfig.json"];
    for (const name of inputs) await symlink(join(ROOT, name), join(place, name));
    await promisify(execFile)(process.execPath, [join(ROOT, "build.ts")], { cwd: place });
    await cp(join(place, "dist"), folder, { recursive: true });
    await rm(place, { recursive: true });
  }
  return { folder, remove };
}
