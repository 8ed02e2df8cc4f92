import { describe, expect, test } from 'vitest';
import { easier, mineChain, mineOn, type MinedBlock, type Mining } from '../../test/support/mined-chain.ts';
import type { BlockRef } from '../kernel/chain.ts';
import { HeaderCheck } from './header-check.ts';
import { ForgedHeaderError, SourceUnavailableError } from './source.ts';
import { WORK_RULES, type WorkRules } from './view/work-rules.ts';

const signal = new AbortController().signal;
/** Easy enough to mine in a test; the target changes every eight blocks. */
const RULES: WorkRules = { ...WORK_RULES.bitcoin, easiestBits: 0x207fffff, interval: 8, timespanS: 8 * 600 };
/** The first interval took half of its time, so the second has half the target. */
const CHAIN: MinedBlock[] = [];
while (CHAIN.length < 30)
  CHAIN.push(mineOn(CHAIN, RULES, CHAIN.length === 0 ? {} : { timeS: CHAIN.at(-1)!.timeS + (CHAIN.length < 8 ? 300 : 600) }));

function checkOf(chain: readonly MinedBlock[], rules = RULES): { check: HeaderCheck; asked: string[] } {
  const asked: string[] = [];
  const headers = async (from: number, count: number): Promise<readonly Uint8Array[]> => {
    asked.push(`${from}+${count}`);
    return chain.slice(from, from + count).map(({ header }) => header);
  };
  return { check: new HeaderCheck({ source: { name: 'node', headers }, rules }), asked };
}

const refs = (chain: readonly MinedBlock[]): BlockRef[] => chain.map(({ height, hash }) => ({ height, hash }));
/** The result of checking a chain above one of its blocks. */
const verdict = (chain: readonly MinedBlock[], base: number, rules = RULES): Promise<readonly BlockRef[]> =>
  checkOf(chain, rules).check.next(chain[base]!, chain.at(-1)!, signal);
const withMore = (upTo: number, ...more: readonly Mining[]): MinedBlock[] => {
  const chain = CHAIN.slice(0, upTo);
  for (const mining of more) chain.push(mineOn(chain, RULES, mining));
  return chain;
};

describe('headers that follow the rules', () => {
  test.each([0, 3, 7, 8, 9, 15, 28])('are accepted above a trusted block, from height %i on', async (base) => {
    expect(await verdict(CHAIN, base)).toEqual(refs(CHAIN.slice(base + 1)));
  });

  test('are fetched once, and lower ones only where the rules need them', async () => {
    const { check, asked } = checkOf(CHAIN);
    await check.next(CHAIN[10]!, CHAIN[14]!, signal);
    expect(asked).toEqual(['10+1', '11+4']);
    await check.next(CHAIN[12]!, CHAIN[14]!, signal);
    expect(asked).toHaveLength(2);
    await check.next(CHAIN[14]!, CHAIN[15]!, signal);
    expect(asked.slice(2)).toEqual(['15+1']);
    await check.next(CHAIN[15]!, CHAIN[16]!, signal);
    // The first block of the interval below block 16.
    expect(asked.slice(3)).toEqual(['16+1', '0+10']);
  });

  test('are checked by their own work and lower headers where no block is trusted yet', async () => {
    await expect(checkOf(CHAIN).check.first(CHAIN[16]!, signal)).resolves.toBeUndefined();
    const forged = withMore(16, { bits: RULES.easiestBits });
    await expect(checkOf(forged).check.first(forged.at(-1)!, signal)).rejects.toThrow(ForgedHeaderError);
  });

  test('are accepted through a reorganisation from the fork', async () => {
    const { check } = checkOf(CHAIN);
    await check.next(CHAIN[9]!, CHAIN[14]!, signal);
    const branch = withMore(12, { salt: 1 }, { salt: 1 }, { salt: 1 }, { salt: 1 }, { salt: 1 });
    const other = checkOf(branch).check;
    expect(await other.next(CHAIN[11]!, branch.at(-1)!, signal)).toEqual(refs(branch.slice(12)));
  });
});

describe('a forged header is reported, and its branch is not read', () => {
  test.each<[string, MinedBlock[], RegExp]>([
    ['without work', withMore(12, {}, {}, { works: false }), /block 14 is forged: expected a proof of work/],
    [
      'with an easier target within an interval',
      withMore(12, {}, { bits: RULES.easiestBits }),
      /block 13 .* expected the target/,
    ],
    ['that skips the new target of an interval', withMore(8, { bits: CHAIN[7]!.bits }), /block 8 .* expected the target/],
    [
      'with a target that is too easy after an interval',
      withMore(16, { bits: easier(CHAIN[15]!.bits, 2n) }),
      /block 16 .* expected/,
    ],
    ['with a target that no network allows', withMore(12, { bits: 0x2100ffff }), /block 12 is forged: expected a target/],
  ])('%s', async (_, chain, words) => {
    const found = verdict(chain, 4);
    await expect(found).rejects.toThrow(ForgedHeaderError);
    await expect(found).rejects.toThrow(words);
    await expect(found).rejects.toThrow('its branch is not read');
  });

  test('even when it is requested again', async () => {
    const chain = withMore(12, {}, { bits: RULES.easiestBits }, {});
    const { check } = checkOf(chain);
    for (let time = 0; time < 3; time += 1)
      await expect(check.next(chain[11]!, chain.at(-1)!, signal)).rejects.toThrow(ForgedHeaderError);
  });

  test('a forged first block of an interval, made to ease the next target, is not an ancestor', async () => {
    const late = mineOn([], RULES, { timeS: 1 });
    const { check } = checkOf([late, ...CHAIN.slice(1, 8), ...withMore(8, { bits: CHAIN[0]!.bits }).slice(8)]);
    await expect(check.next(CHAIN[7]!, { height: 8, hash: 'ff'.repeat(32) as never }, signal)).rejects.toThrow(
      SourceUnavailableError,
    );
  });
});

test('a chain that changes between two calls is read again later', async () => {
  const mixed = [...CHAIN.slice(0, 12), ...withMore(11, { salt: 1 }, { salt: 1 }).slice(12)];
  await expect(verdict(mixed, 8)).rejects.toThrow('the chain changed while its headers were read');
  await expect(checkOf(CHAIN).check.next({ height: 3, hash: CHAIN[4]!.hash }, CHAIN[9]!, signal)).rejects.toThrow('changed');
});

test('exceptions of a test network lead back to the last regular target (BIP 94)', async () => {
  const rules: WorkRules = { ...RULES, interval: 200, timespanS: 200 * 600, easyAfterS: 1200, bip94: true };
  const chain = mineChain(1, { ...rules, easiestBits: 0x201fffff });
  while (chain.length < 160) chain.push(mineOn(chain, rules, { bits: rules.easiestBits, timeS: chain.at(-1)!.timeS + 1201 }));
  chain.push(mineOn(chain, rules, { bits: 0x201fffff }));
  expect(await verdict(chain, 158, rules)).toEqual(refs(chain.slice(159)));
  const forged = [...chain.slice(0, 160), mineOn(chain.slice(0, 160), rules, { bits: rules.easiestBits })];
  await expect(verdict(forged, 158, rules)).rejects.toThrow('expected the target 0x201fffff, got 0x207fffff');
});

test('every header on regtest has the only target, and its work', async () => {
  const chain = mineChain(20, WORK_RULES.regtest);
  expect(await verdict(chain, 3, WORK_RULES.regtest)).toHaveLength(16);
  const forged = [...chain, mineOn(chain, WORK_RULES.regtest, { works: false })];
  await expect(verdict(forged, 3, WORK_RULES.regtest)).rejects.toThrow(ForgedHeaderError);
});
