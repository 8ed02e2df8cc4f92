/** Checks over HTTP that this gateway keeps the whole contract. */
import { ERROR_CODES, BLOCKCHAIN_STATUSES } from '@webpos/sdk/wire';
import { expect, it } from 'vitest';
import { checkConformance } from './check-conformance.ts';
import { openOwnTarget } from './own-target.ts';

/** Codes that this gateway never returns: it has no refresh tokens (1006), a single realm (1018), and no permissions (1012). */
const NEVER = ['1006', '1012', '1018'];

it('the gateway keeps the whole contract: every endpoint, field, error, state and callback', async () => {
  await using own = await openOwnTarget();
  const { findings, unchecked, codes, blockchainStatuses } = await checkConformance(own.target);
  expect(findings).toEqual([]);
  expect(unchecked).toEqual([]);
  expect([...codes].sort()).toEqual(
    Object.keys(ERROR_CODES)
      .filter((code) => !NEVER.includes(code))
      .sort(),
  );
  expect([...blockchainStatuses].sort()).toEqual([...BLOCKCHAIN_STATUSES].sort());
}, 240_000);
