/**
 * Replaces `./import-package.ts` in the build for older tools: Metro refuses to bundle an `import()` of a name that is no constant, and
 * Jest 27 cannot run one.
 */
import type { ImportPackage } from './import-package.ts';

type Require = (name: string) => unknown;
declare const module: Readonly<Record<string, Require | undefined>>;
/** What webpack names the `require` of Node that a bundle runs in. */
declare const __non_webpack_require__: Require | undefined;

// Not a constant to webpack, which would look for the package.
const METHOD = ['require'].join('');

/** Requires it when it is needed. */
export const importPackage: ImportPackage = async (name) => {
  if (typeof __non_webpack_require__ === 'function') return __non_webpack_require__(name);
  return await module[METHOD]?.(name);
};
