/** Loads a package that the application has installed, or fails. */
export type ImportPackage = (name: string) => Promise<unknown>;

/**
 * Imports it when it is needed. Left as it is by bundlers: they must not look for a package that the application may do without, and
 * Node finds it when a bundle runs where it is installed.
 */
export const importPackage: ImportPackage = (name) =>
  import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name);
