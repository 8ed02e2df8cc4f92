/**
 * The violations that check:planted plants. `files` are written whole, or changed by a function of their text; `commits` are
 * messages of commits; `expects` is what the gate must report about them; `quiet` is what it must not report.
 */
import { boundaryPlants } from './plants/boundaries.mjs';
import { codePlants } from './plants/code.mjs';
import { packagePlants } from './plants/packages.mjs';
import { textPlants } from './plants/texts.mjs';

/** @typedef {{ gate: string, about: string, files?: Record<string, string | ((text: string) => string)>, commits?: string[], expects: RegExp[], quiet?: RegExp[] }} Plant */

/** Not a gate, because `npm test` runs it, but it must fire as well. */
export const testGate = { name: 'tests', about: '', steps: [{ run: ['vitest', 'run', 'test/planted'] }] };

/** @type {Plant[]} */
export const plants = [...codePlants, ...boundaryPlants, ...packagePlants, ...textPlants];
