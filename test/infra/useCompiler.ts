import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { Bicep } from "./bicep.ts";
import { findBicep } from "./findBicep.ts";
import { infra } from "./template.ts";

const found = await findBicep();

/** Why there is no compiler here; undefined where there is one. */
export const missing = "missing" in found ? found.missing : undefined;

/** A compiler for the tests of one `describe`, and parameter files that are gone after them. */
export function useCompiler() {
  const scratch = join(infra, "../.tools/scratch");
  let bicep: Bicep | undefined;
  let folder: string;
  let files = 0;

  beforeAll(async () => {
    bicep = new Bicep("path" in found ? found.path : "");
    await mkdir(scratch, { recursive: true });
    folder = await mkdtemp(join(scratch, "parameters-"));
  });
  afterAll(async () => {
    await bicep?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  return {
    bicep(): Bicep {
      if (bicep === undefined) throw new Error("The compiler has not started yet");
      return bicep;
    },
    /** Where those files are. */
    folder: () => folder,
    /** A parameter file that is right but for these values, each an expression. */
    async parameterFile(values: Readonly<Record<string, string>>): Promise<string> {
      const all = { alertEmails: "['ops@example.com']", runtimes: `[{ id: '${runtime()}' }]`, ...values };
      const lines = Object.entries(all).map(([parameter, value]) => `param ${parameter} = ${value}`);
      files += 1;
      const path = join(folder, `${files}.bicepparam`);
      await writeFile(path, `using '${relative(folder, join(infra, "main.bicep"))}'\n${lines.join("\n")}\n`);
      return path;
    },
  };
}

/** The ARM id of a made-up runtime. */
export function runtime(name = "onprem"): string {
  return `/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-data/providers/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/${name}`;
}
