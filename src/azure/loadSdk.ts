/** Loads an SDK when it is first needed. */

/** An SDK's files could not be loaded, so nothing was sent. */
export class SdkLoadError extends Error {
  override readonly name = "SdkLoadError";
  /** Node's own code, such as `ERR_MODULE_NOT_FOUND`. */
  readonly code: string;

  constructor(cause: unknown) {
    super("an SDK could not be loaded", { cause });
    const { code, name } = Object(cause);
    this.code = String(code ?? name);
  }
}

/**
 * Loads once, with the first call. If that fails the next call tries again: otherwise a file share that could not be read
 * for a moment would stay unreadable for the life of the process.
 */
export function loadSdk<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return async () => {
    loading ??= load();
    const own = loading;
    try {
      return await own;
    } catch (cause) {
      // Another caller may already have started again.
      if (loading === own) loading = undefined;
      throw new SdkLoadError(cause);
    }
  };
}
