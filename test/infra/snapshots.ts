import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { snapshots as folder } from "./template.ts";

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what is in it
  readonly properties: any;
  readonly [property: string]: unknown;
}

export interface Snapshot {
  readonly name: string;
  /** As it is on disk. */
  readonly text: string;
  readonly resources: readonly Resource[];
  of(type: string): readonly Resource[];
  /** Settings of the function app by name, with a client id for those of identities that are made together with it. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What the template deploys, as the compiler evaluated it; compiler.test.ts compares these files with the template. */
export const all: readonly Snapshot[] = readdirSync(folder)
  .filter((file) => file.endsWith(".snapshot.json"))
  .map((file) => read(file));

export function snapshotOf(name: string): Snapshot {
  return all.find((snapshot) => snapshot.name === name)!;
}

function read(file: string): Snapshot {
  const text = readFileSync(join(folder, file), "utf8");
  const resources: Resource[] = JSON.parse(text).predictedResources;
  const of = (type: string) => resources.filter((resource) => resource.type === type);
  const pairs: { name: string; value: string }[] =
    of("Microsoft.Web/sites")[0]!.properties.siteConfig.appSettings;
  return {
    name: file.replace(".snapshot.json", ""),
    text,
    resources,
    of,
    settings: Object.fromEntries(
      pairs.map(({ name, value }) => [
        name,
        value.replace(/^\[reference\(.*\)\.clientId\]$/, "99999999-0000-0000-0000-000000000000"),
      ]),
    ),
  };
}
