import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatHelp } from '@webpos/listen/help';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWebpos } from '../../test/support/run-webpos.ts';
import { COMMANDS } from './commands.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-help-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const COMMON = ['json', 'help'];
const EVERY_OPTION = new Set([...COMMANDS.values()].flatMap(({ options }) => [...Object.keys(options), ...COMMON, 'secret']));
const helpOf = async (name: string): Promise<string> => (await runWebpos(folder, [...name.split(' '), '--help'])).out;
/** The options that a help explains, each at the beginning of a line. */
const explained = (help: string): string[] => [...help.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, option = '']) => option);
const named = (text: string): string[] => [...text.matchAll(/--([a-z-]+)/g)].map(([, option = '']) => option);

describe.each([...COMMANDS])('the help of webpos %s', (name, command) => {
  it('explains every option that the command accepts, and no other', async () => {
    const accepted: string[] = [];
    for (const option of EVERY_OPTION) {
      if (option === 'help') continue;
      // The second option is unknown, so that no command runs: it is named as the mistake if the first one is accepted.
      const { status, err } = await runWebpos(folder, [...name.split(' '), `--${option}`, '--no-such-option']);
      expect(status).toBe(2);
      // The listener refuses a secret on the command line in words of its own.
      if (!/^webpos: (?:unknown option|--secret: expected WEBPOS_SECRET)/.test(err) || err.includes('--no-such-option'))
        accepted.push(option);
    }
    expect(explained(await helpOf(name)).sort()).toEqual([...accepted, 'help'].sort());
    expect(await readdir(folder)).toEqual([]);
  });

  it('states the allowed values of every option, and its default unless the usage requires it', () => {
    for (const [option, help] of Object.entries(command.options)) {
      expect(help.text, option).toMatch(/[^.]$/);
      if (!('value' in help)) continue;
      expect(help.allowed, option).not.toBe('');
      expect((help.default !== undefined) !== named(command.usage).includes(option), option).toBe(true);
    }
  });

  it('has a summary in one line, and names only its own options in usage and example', () => {
    expect(command.summary).toMatch(/^[A-Z].{10,84}[^.]$/);
    const own = [...Object.keys(command.options), ...COMMON];
    for (const option of [...named(command.usage), ...named(command.example)]) expect(own).toContain(option);
  });

  it('fits into 100 columns', () => {
    for (const line of formatHelp(`webpos ${name}`, command).split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  });
});

it('webpos --help lists every command with its summary', async () => {
  const { out } = await runWebpos(folder, ['--help']);
  for (const { name, summary } of COMMANDS.values()) expect(out).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'));
});

it('the help of a command looks the same for all of them', async () => {
  expect(await helpOf('account skip')).toBe(`Usage: webpos account skip --account UUID --to N [options]

Skip addresses that may have been handed out elsewhere.

Works while a gateway serves. It cannot be undone: skipped addresses are never handed out, but are
still watched.

Options:
  --account UUID  account (the UUID that webpos account list shows)
  --to N          index of the next order's address (above the next index that webpos account list
                  shows, by at most 100000)
  --json          print JSON
  --help          show this help

Example:
  webpos account skip --account 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --to 1200

Settings are environment variables that begin with WEBPOS_: see docs/settings.md.`);
});
