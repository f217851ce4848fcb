import { DataFactoryManagementClient } from "@azure/arm-datafactory";
import { ManagedIdentityCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";

export const SUBSCRIPTION = "11111111-1111-1111-1111-111111111111";
export const FACTORY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.DataFactory/factories/contoso`;
export const ALPHA = `${FACTORY}/integrationRuntimes/alpha`;
export const VAULT = "https://contoso.vault.azure.net";

/** Of the SDKs; `maxRetries: 0` shows what a single request gets. */
interface ClientOptions {
  maxRetries?: number;
  /** The token to present, instead of one that the managed identity gets. */
  token?: string;
}

function clientOptions({ maxRetries = 0 }: ClientOptions) {
  return { retryOptions: { maxRetries, retryDelayInMs: 1, maxRetryDelayInMs: 1 } };
}

function credential({ token }: ClientOptions) {
  if (token === undefined) return new ManagedIdentityCredential();
  return { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
}

function dataFactory(options: ClientOptions, subscription = SUBSCRIPTION) {
  return new DataFactoryManagementClient(credential(options), subscription, clientOptions(options));
}

export function runtimes(options: ClientOptions = {}) {
  return dataFactory(options).integrationRuntimes;
}

export function factories(subscription?: string, options: ClientOptions = {}) {
  return dataFactory(options, subscription).factories;
}

export function secrets(options: ClientOptions = {}) {
  return new SecretClient(VAULT, credential(options), clientOptions(options));
}

/** What an SDK tells of a call that failed. */
export interface Failure {
  name: string;
  code: string | undefined;
  status: number | undefined;
  message: string;
  /** Key Vault's inner code. */
  inner: string | undefined;
  headers: Record<string, string>;
}

/** The failure of a call that must fail. */
export async function failure(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (thrown) {
    const error = thrown as {
      name: string;
      code?: string;
      statusCode?: number;
      message: string;
      details?: { error?: { innerError?: { code?: string }; innererror?: { code?: string } } };
      response?: { headers: { toJSON(): Record<string, string> } };
    };
    const { innerError, innererror } = error.details?.error ?? {};
    return {
      name: error.name,
      code: error.code,
      status: error.statusCode,
      message: error.message,
      inner: innerError?.code ?? innererror?.code,
      headers: error.response?.headers.toJSON() ?? {},
    };
  }
  throw new Error("The call did not fail");
}

/** Everything that an SDK hands out page by page or item by item. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
