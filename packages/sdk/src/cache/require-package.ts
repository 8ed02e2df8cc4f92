/**
 * Replaces `./import-package.ts` in the build for older tools: Metro refuses to bundle an `import()` whose argument is not a
 * constant, and Jest 27 cannot run one.
 */
import type { ImportPackage } from './import-package.ts';

type Require = (name: string) => unknown;
declare const module: Readonly<Record<string, Require | undefined>>;
/** webpack's name for the `require` of the Node process that a bundle runs in. */
declare const __non_webpack_require__: Require | undefined;

// Not a constant, because webpack would resolve the package.
const METHOD = ['require'].join('');

/** Requires a package on demand. */
export const importPackage: ImportPackage = async (name) => {
  if (typeof __non_webpack_require__ === 'function') return __non_webpack_require__(name);
  return await module[METHOD]?.(name);
};
