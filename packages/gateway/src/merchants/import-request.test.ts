import { describe, expect, it } from 'vitest';
import { sampleAccount } from '../../test/support/samples.ts';
import { epochMs } from '../kernel/clock.ts';
import { importRequest } from './import-request.ts';

describe('the import of an account into another wallet', () => {
  it('names its descriptor, its age and its addresses, and never makes it a source of new ones', () => {
    const account = sampleAccount({ nextIndex: 42, createdAt: epochMs(1_790_000_000_999) });
    expect(importRequest(account)).toEqual({
      desc: account.descriptor,
      timestamp: 1_790_000_000,
      range: [0, 1041],
      active: false,
      internal: false,
    });
  });

  it.each([
    [0, [0, 999]],
    [999_000, [0, 999_999]],
    [999_001, [1, 1_000_000]],
    [2 ** 31 - 1, [2 ** 31 - 1_000_000, 2 ** 31 - 1]],
  ])('of next index %d has the range %j, never wider than Bitcoin Core takes', (nextIndex, range) => {
    expect(importRequest(sampleAccount({ nextIndex })).range).toEqual(range);
  });
});
