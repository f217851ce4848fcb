import { createHash } from "node:crypto";

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const VAULT_HOST = "contoso.vault.azure.net";
const FACTORY =
  "/subscriptions/00000000-0000-4000-8000-00000000fa4e/resourceGroups/plants/providers/Microsoft.DataFactory/factories/contoso";

/** A runtime of the proof, with what the app is told of it; durations in milliseconds. */
export interface Runtime {
  readonly name: string;
  readonly id: string;
  readonly secretName: string;
  readonly rotateEvery: number;
  readonly overlap: number;
  readonly validityDays: number;
}

/** One that is due most of the time, one often, one seldom. */
export const cast: readonly Runtime[] = [
  runtime("berlin", { rotateEvery: 2 * DAY, overlap: HOUR, validityDays: 4 }),
  runtime("lisbon", { rotateEvery: 7 * DAY, overlap: 12 * HOUR, validityDays: 14 }),
  runtime("oslo", { rotateEvery: 30 * DAY, overlap: DAY, validityDays: 60 }),
];

/** The app settings that name them. */
export const settings: Readonly<Record<string, string>> = {
  ROTATION_SCHEDULE: "0 0 3 * * *",
  KEY_VAULT_URL: `https://${VAULT_HOST}`,
  RUNTIMES: JSON.stringify(
    cast.map(({ id, rotateEvery, overlap, validityDays }) => ({
      id,
      rotateEvery: `P${rotateEvery / DAY}D`,
      overlap: `PT${overlap / HOUR}H`,
      validity: `P${validityDays}D`,
    })),
  ),
};

/** @param resource an ARM id, the URL of a secret, or the name of a lock's blob */
export function runtimeOf(resource: string): Runtime | undefined {
  const text = resource.toLowerCase();
  return cast.find(
    (each) =>
      text === each.id.toLowerCase() ||
      text === `https://${VAULT_HOST}/secrets/${each.secretName}` ||
      text === lockOf(each),
  );
}

/** The name of its lock's blob. */
export function lockOf({ id }: Runtime): string {
  return createHash("sha256").update(id.toLowerCase()).digest("hex");
}

function runtime(
  name: string,
  durations: Pick<Runtime, "rotateEvery" | "overlap" | "validityDays">,
): Runtime {
  return { name, id: `${FACTORY}/integrationRuntimes/${name}`, secretName: `contoso-${name}`, ...durations };
}
