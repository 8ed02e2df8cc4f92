/** The scripts that we watch, in memory, so that a block can be walked without a query an output. Hits are confirmed in the store. */
import type { ScriptHex } from '../kernel/chain.ts';
import type { ScriptSet } from './view/matches.ts';

export class ScriptIndex implements ScriptSet {
  readonly #scripts = new Set<ScriptHex>();

  has(script: ScriptHex): boolean {
    return this.#scripts.has(script);
  }

  add(script: ScriptHex): void {
    this.#scripts.add(script);
  }

  get size(): number {
    return this.#scripts.size;
  }
}
