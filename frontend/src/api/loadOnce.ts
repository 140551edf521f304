/** Returns a function that loads a value at its first call and caches it. A failure is not cached. */
export function loadOnce<Args extends unknown[], Value>(load: (...args: Args) => Promise<Value>): (...args: Args) => Promise<Value> {
  let loading: Promise<Value> | undefined;
  return (...args) => {
    loading ??= load(...args).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
