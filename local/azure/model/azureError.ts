/**
 * What a service refuses a call with: an HTTP status and the code and message of its error body
 * (docs/azure.md). The HTTP layer wraps it in the envelope of the service that it came from.
 */
export class AzureError extends Error {
  override readonly name = "AzureError";
  readonly status: number;
  readonly code: string;
  /** Key Vault only: `error.innererror.code`, where the useful half of its answer sits. */
  readonly innerCode: string | undefined;
  /** Data Factory only: `error.target`. */
  readonly target: string | undefined;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { innerCode?: string; target?: string; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.innerCode = more.innerCode;
    this.target = more.target;
    this.headers = more.headers ?? {};
  }
}

/** The header that tells when to come back, in seconds; none where the service does not say. */
export function retryAfterHeader(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { "retry-after": `${seconds}` };
}
