/**
 * The format of the marks file: a line with the version, a line for each wallet (id, from, mark, by), and a line with the SHA-256 of
 * everything before it. The checksum reveals a file that was truncated, edited or damaged.
 */
import { createHash } from 'node:crypto';
import type { WalletId } from '../../wallet/wallet-id.ts';
import type { Marks, WalletMark } from '../marks.ts';

const FIRST_LINE = 'webpos marks 1';
const WALLET_LINE = /^([0-9a-f]{64}) (\d{1,10}) (\d{1,10}) ([0-9a-f]{16})$/;
/** One above the last unhardened child (BIP 32). */
const MAX_MARK = 2 ** 31;

export function formatMarks(marks: Marks): string {
  const lines = [...marks]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([wallet, { from, mark, by }]) => `${wallet} ${from} ${mark} ${by}`);
  const text = [FIRST_LINE, ...lines].map((line) => `${line}\n`).join('');
  return `${text}sha256 ${sha256(text)}\n`;
}

/** @throws RangeError if the text is not a complete marks file; the message says why. */
export function parseMarks(text: string): Marks {
  const newer = /^webpos marks (\d{1,9})\n/.exec(text)?.[1];
  if (newer !== undefined && Number(newer) > 1) throw new RangeError(`expected version 1, got ${newer}: a newer WebPOS wrote it`);
  const [, content = '', sum] = /^([^]*)sha256 ([0-9a-f]{64})\n$/.exec(text) ?? [];
  if (sum === undefined)
    throw new RangeError('expected a last line with its SHA-256, got none: it was cut off, or is another file');
  if (sha256(content) !== sum) throw new RangeError('its SHA-256 does not match what it holds');
  const [first, ...lines] = content.trimEnd().split('\n');
  if (first !== FIRST_LINE) throw new RangeError(`expected a first line ${JSON.stringify(FIRST_LINE)}, got something else`);
  return new Map(lines.map((line, nth) => parseLine(line, nth + 2)));
}

function parseLine(line: string, number: number): [WalletId, WalletMark] {
  const [, wallet = '', from = '', mark = '', by = ''] = WALLET_LINE.exec(line) ?? [];
  const parsed = { from: Number(from), mark: Number(mark), by };
  if (wallet === '' || parsed.from > parsed.mark || parsed.mark > MAX_MARK)
    throw new RangeError(`line ${number}: expected a wallet with its marks, got something else`);
  return [wallet as WalletId, parsed];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
