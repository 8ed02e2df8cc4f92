import { describe, expect, it } from 'vitest';
import { sampleAccount } from '../../test/support/samples.ts';
import { epochMs } from '../kernel/clock.ts';
import { importRequest } from './import-request.ts';

describe('the import request of an account', () => {
  it('has its descriptor, creation time and range, and keeps the other wallet from handing out addresses', () => {
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
  ])('with next index %d has the range %j, which Bitcoin Core accepts', (nextIndex, range) => {
    expect(importRequest(sampleAccount({ nextIndex })).range).toEqual(range);
  });
});
