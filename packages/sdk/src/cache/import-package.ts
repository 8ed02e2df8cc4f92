/** Loads a package that the application has installed, or rejects. */
export type ImportPackage = (name: string) => Promise<unknown>;

/**
 * Imports a package on demand. Bundlers leave this call as it is: they must not resolve an optional package, and Node finds it
 * where the bundle runs.
 */
export const importPackage: ImportPackage = (name) =>
  import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name);
