import type { Denial } from "./access.ts";
import { type BudgetState, createBudgetState } from "./budgets.ts";
import type { Call } from "./calls.ts";
import { createDataFactoryState, type DataFactoryState } from "./dataFactory.ts";
import { createKeyVaultState, type KeyVaultState } from "./keyVault.ts";

/** Everything that the local Azure knows, as plain data: read it, change it, `structuredClone` it. */
export interface AzureState {
  dataFactory: DataFactoryState;
  keyVault: KeyVaultState;
  budgets: BudgetState;
  denials: Denial[];
  /** Every request in the order of arrival. */
  calls: Call[];
}

export function createState(): AzureState {
  return {
    dataFactory: createDataFactoryState(),
    keyVault: createKeyVaultState(),
    budgets: createBudgetState(),
    denials: [],
    calls: [],
  };
}
