import type { MemoryOperation } from "./memoryServices.ts";
import { errorOf } from "./serviceErrors.ts";

/** What happens to one call: its effect may come about or not, and an answer may come or not. */
export type Fault = <T>(act: () => T, operation: MemoryOperation) => T | Promise<T>;

/** The process is gone in the middle of a call. */
export class Died extends Error {}

export const diesBefore: Fault = () => {
  throw new Died();
};

export const diesAfter: Fault = (act) => {
  act();
  throw new Died();
};

/** The service refuses with this status, or never answers, and nothing has happened. */
export function failsBefore(status: number | undefined, code?: string): Fault {
  return (_, operation) => {
    throw errorOf(operation, status, code);
  };
}

/** It happened, and the answer says otherwise or never comes. */
export function failsAfter(status: number | undefined): Fault {
  return (act, operation) => {
    act();
    throw errorOf(operation, status);
  };
}

/** Something comes about in between, before this call has its effect. */
export function preceded(by: () => unknown): Fault {
  return (act) => {
    by();
    return act();
  };
}

interface Planned {
  /** Undefined: any. */
  readonly operation: MemoryOperation | undefined;
  readonly fault: Fault;
  /** Whether it stays for every call after. */
  readonly stays: boolean;
  /** How many fitting calls are still to be left alone. */
  skip: number;
}

/** Which calls are to meet with which fault. */
export class FaultPlan {
  #planned: readonly Planned[] = [];

  add(planned: Planned): void {
    this.#planned = [...this.#planned, planned];
  }

  clear(): void {
    this.#planned = [];
  }

  /** The fault that this call meets with, if any. */
  take(operation: MemoryOperation): Fault | undefined {
    const fitting = this.#planned.filter((one) => one.operation === undefined || one.operation === operation);
    const due = fitting.find(({ skip }) => skip === 0);
    for (const one of fitting) one.skip = Math.max(0, one.skip - 1);
    if (due?.stays === false) this.#planned = this.#planned.filter((one) => one !== due);
    return due?.fault;
  }
}
