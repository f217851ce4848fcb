import type { CertificateAuthority } from "../../../local/azure/certificates.ts";
import { proveBodies } from "./bodyProperties.ts";
import { proveEffects } from "./effectProperties.ts";
import { proveSettings } from "./settingsProperties.ts";
import { startStage } from "./stage.ts";
import type { Figure } from "./tally.ts";

export interface InputFigures {
  readonly seed: number;
  readonly cases: number;
  /** Of the cases, how many were valid and read in full. */
  readonly valid: number;
  readonly refused: number;
  readonly properties: readonly Figure[];
}

export type Size = "small" | "full";

const SIZES = { small: { scale: 0.01, effects: 6 }, full: { scale: 1, effects: 150 } };

/**
 * Checks everything that an operator or a caller may give to the app, in this process, which must trust the
 * authority already. The same seed makes the same cases.
 * @throws where a property does not hold, with the smallest case that shows it.
 */
export async function proveInput(
  size: Size,
  seed: number,
  authority: CertificateAuthority,
): Promise<InputFigures> {
  const { scale, effects } = SIZES[size];
  const properties = [...proveSettings(seed, scale)];
  const stage = await startStage(authority);
  try {
    properties.push(...(await proveBodies(stage, seed, scale)), await proveEffects(stage, seed, effects));
  } finally {
    await stage.stop();
  }
  const sum = (of: (figure: Figure) => number) => properties.reduce((total, figure) => total + of(figure), 0);
  const [cases, valid] = [sum((figure) => figure.cases), sum((figure) => figure.valid)];
  return { seed, cases, valid, refused: cases - valid, properties };
}
