import { expect, it } from 'vitest';
import type { ScriptHex } from '../kernel/chain.ts';
import { ScriptIndex } from './script-index.ts';

it('knows the scripts that were added, each once, and no other', () => {
  const index = new ScriptIndex();
  const [ours, other] = ['0014aa', '0014ab'] as [ScriptHex, ScriptHex];
  expect(index.has(ours)).toBe(false);
  index.add(ours);
  index.add(ours);
  expect([index.has(ours), index.has(other), index.size]).toEqual([true, false, 1]);
});
