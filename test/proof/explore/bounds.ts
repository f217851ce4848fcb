/** How much may happen in one exploration, at most. */
export interface Bounds {
  readonly faults: number;
  readonly acts: number;
  /** How often a run may be interrupted at a call by another one. */
  readonly switches: number;
  /** How long the vault takes to write a version, in milliseconds: with 0, versions share a second. */
  readonly writeTakes: 0 | 1000;
  /** Whether both runs are of one app in every scenario. */
  readonly oneApp?: true;
}

/** For who asks whether a mistake is noticed. */
export const SMALL: readonly Bounds[] = [
  { faults: 1, acts: 0, switches: 1, writeTakes: 0 },
  { faults: 0, acts: 1, switches: 1, writeTakes: 1000 },
];

/** For `npm test`. */
export const SMALLEST: readonly Bounds[] = [
  { faults: 1, acts: 0, switches: 1, writeTakes: 0, oneApp: true },
  { faults: 0, acts: 1, switches: 0, writeTakes: 1000 },
];

/** For `npm run prove`. */
export const FULL: readonly Bounds[] = [
  { faults: 1, acts: 0, switches: 2, writeTakes: 1000 },
  { faults: 0, acts: 1, switches: 2, writeTakes: 1000 },
  { faults: 0, acts: 0, switches: 3, writeTakes: 0 },
  { faults: 1, acts: 1, switches: 0, writeTakes: 0 },
  { faults: 2, acts: 0, switches: 0, writeTakes: 0 },
];

/** For who has an hour: two faults with an outside act, and two faults with an interruption. */
export const DEEP: readonly Bounds[] = [
  { faults: 2, acts: 1, switches: 0, writeTakes: 1000 },
  { faults: 2, acts: 0, switches: 1, writeTakes: 0 },
];
