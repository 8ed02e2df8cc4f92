import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runWebpos } from '../../../test/support/run-webpos.ts';
import { lines } from './lines.ts';
import { table } from './table.ts';
import { inLines, inOneLine } from './terminal-text.ts';

const EVIL = '\u001b[2J\u009b1A\r\nfake row \u202eevil\u2066\u2028';
const SHOWN = String.raw`\u001b[2J\u009b1A\u000d\u000afake row \u202eevil\u2066\u2028`;

describe('control characters in text from a shop', () => {
  it('are escaped in a line, in a table and in a list of fields', () => {
    expect(inOneLine(EVIL)).toBe(SHOWN);
    expect(table(['reference'], [[EVIL]]).split('\n')).toEqual(['reference', SHOWN]);
    expect(lines({ reference: EVIL, more: [EVIL] })).toBe(`reference: ${SHOWN}\nmore:\n  - ${SHOWN}`);
  });

  it('are escaped in the messages of any command', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'webpos-terminal-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const { err } = await runWebpos(folder, ['rates', '--currency', 'EU\u001b[2J\u202e']);
    expect(err).toContain(String.raw`EU\u001b[2J\u202e`);
  });

  it('are escaped in JSON, which keeps its meaning', () => {
    const text = inLines(JSON.stringify({ reference: EVIL }));
    expect(text).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(JSON.parse(text)).toEqual({ reference: EVIL });
  });

  it('are the only characters that are escaped', () => {
    const text = 'Büro 日本 مرحبا 👩‍👩‍👧 "a" \\ b';
    expect([inOneLine(text), inLines(`${text}\n\t${text}`)]).toEqual([text, `${text}\n\t${text}`]);
  });
});
