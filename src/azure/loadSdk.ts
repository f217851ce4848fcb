/** An SDK's files could not be loaded; nothing was sent. */
export class SdkLoadError extends Error {
  override readonly name = "SdkLoadError";
  /** Node's own for it, such as `ERR_MODULE_NOT_FOUND`. */
  readonly code: string;

  constructor(cause: unknown) {
    super("an SDK could not be loaded", { cause });
    const { code, name } = Object(cause);
    this.code = String(code ?? name);
  }
}

/**
 * Loads an SDK with the first call that needs it, and once. Where that failed the next call tries again: a share that
 * could not be read for a moment would stay unreadable for the life of the process otherwise.
 */
export function loadSdk<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return async () => {
    loading ??= load();
    const own = loading;
    try {
      return await own;
    } catch (cause) {
      // Others that waited for the same may have begun anew.
      if (loading === own) loading = undefined;
      throw new SdkLoadError(cause);
    }
  };
}
