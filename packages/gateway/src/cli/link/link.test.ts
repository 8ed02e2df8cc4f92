import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWebpos, type Run } from '../../../test/support/run-webpos.ts';
import { testKey } from '../../../test/support/test-gateway.ts';

const MISSING = '00000000-0000-4000-8000-000000000000';

let folder: string;
let pos: { readonly uuid: string; readonly client_id: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-link-'));
  const { uuid } = await json<{ uuid: string }>('account', 'create', '--name', 'Wallet', '--xpub', testKey(1));
  pos = await json('pos', 'create', '--name', 'Till', '--account', uuid, '--currency', 'EUR');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const webpos = (...words: string[]): Promise<Run> => runWebpos(folder, words);

async function json<T>(...words: string[]): Promise<T> {
  const { status, out, err } = await webpos(...words, '--json');
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(out) as T;
}

const create = (name: string, ...words: string[]): Promise<Record<string, unknown>> =>
  json('link', 'create', '--pos', pos.uuid, '--title', `The ${name}`, '--name', name, ...words);
const list = (...words: string[]): Promise<{ links: Record<string, unknown>[]; next: string | null }> =>
  json('link', 'list', ...words);
const named = async (name: string): Promise<Record<string, unknown> | undefined> =>
  (await list('--limit', '100')).links.find((link) => link['name'] === name);

describe('webpos link', () => {
  it('create makes a link with its terms, and prints its URL', async () => {
    const terms = ['--description', 'Hot', '--amount', '3.50', '--quantity', '20', '--expires', '2999-12-24T18:00:00Z'];
    const created = await create('coffee', ...terms, '--note', 'yes');
    expect(created).toMatchObject({
      pos: pos.uuid,
      name: 'coffee',
      url: expect.stringMatching(/\/l\/coffee$/) as string,
      title: 'The coffee',
      description: 'Hot',
      currency: 'EUR',
      amount: '3.50',
      min_amount: null,
      quantity: 20,
      expires_at: '2999-12-24T18:00:00.000Z',
      takes_note: true,
      active: true,
      paid: 0,
      open: 0,
    });
    expect(await named('coffee')).toEqual(created);
    const { status, out } = await webpos('link', 'create', '--client-id', pos.client_id, '--title', 'A tip');
    // Nobody guesses the name of a link that was given none.
    expect([status, out]).toEqual([0, expect.stringMatching(/^http\S+\/l\/\w{8,}$/)]);
  });

  it.each([
    [['--title', 'x'.repeat(101)], 'title: must be shorter'],
    [['--amount', '-1'], 'amount: must be a decimal number above 0'],
    [['--amount', '1', '--max-amount', '2'], 'must not come with min_amount or max_amount'],
    [['--min-amount', '3', '--max-amount', '2'], 'max_amount: must not be below min_amount'],
    [['--quantity', '0'], 'quantity: must be a whole number from 1 to 1000000'],
    [['--expires', 'tomorrow'], 'expires_at: must be a time such as'],
    [['--name', 'A Coffee'], 'name: must be 1 to 64 lower-case letters, digits and hyphens'],
    [['--name', 'taken'], 'name: is the name of another link'],
  ])('create refuses %j', async (words, message) => {
    if (words.includes('taken')) await create('taken');
    const { status, out, err } = await webpos('link', 'create', '--pos', pos.uuid, '--title', 'A coffee', ...words);
    expect([status, out, err]).toEqual([1, '', expect.stringContaining(message)]);
  });

  it('create refuses an unknown POS', async () => {
    const { status, err } = await webpos('link', 'create', '--pos', MISSING, '--title', 'A coffee');
    expect([status, err]).toEqual([1, expect.stringContaining(MISSING)]);
  });

  it('list shows the newest first, in pages, and those of one POS', async () => {
    await create('first', '--amount', '1.00');
    await create('second', '--quantity', '2');
    const { links, next } = await list('--limit', '1');
    expect([links.map(({ name }) => name), next]).toEqual([['second'], links[0]?.['uuid']]);
    const before = await list('--limit', '1', '--before', next ?? '');
    expect(before.links.map(({ name }) => name)).toEqual(['first']);
    expect((await list('--pos', MISSING)).links).toEqual([]);
    expect((await webpos('link', 'list', '--pos', MISSING)).out).toBe('No links: webpos link create creates one.');
    const { out } = await webpos('link', 'list', '--pos', pos.uuid, '--limit', '2');
    expect(out).toMatch(/^name +title +amount +currency +paid +open +quantity +state\n/);
    expect(out).toMatch(/\nsecond +The second +open +EUR +0 +0 +2 +active\nfirst +The first +1\.00 +EUR +0 +0 +- +active\n/);
    expect(out).toMatch(/\nMore: --before [-0-9a-f]{36}$/);
  });

  it('update changes what is given, keeps the rest, and removes what is empty', async () => {
    const created = await create('tea', '--amount', '2.00', '--quantity', '9', '--note', 'yes');
    const { out } = await webpos('link', 'update', '--name', 'tea', '--amount', '2.20', '--quantity', '');
    expect(out).toBe(`Changed the link ${String(created['url'])} (The tea).`);
    expect(await named('tea')).toEqual({ ...created, amount: '2.20', quantity: null });
    const { status, err } = await webpos('link', 'update', '--name', 'tea', '--min-amount', '1');
    expect([status, err]).toEqual([1, expect.stringContaining('must not come with min_amount')]);
    await json('link', 'update', '--name', 'tea', '--amount', '', '--min-amount', '1', '--note', 'no');
    expect(await named('tea')).toEqual({ ...created, amount: null, min_amount: '1.00', quantity: null, takes_note: false });
  });

  it('disable and enable say what they did, and change nothing else', async () => {
    const created = await create('cake', '--amount', '4.00');
    const { out } = await webpos('link', 'disable', '--name', 'cake');
    expect(out).toBe(`Disabled the link ${String(created['url'])} (The cake).`);
    expect((await webpos('link', 'list')).out).toMatch(/\ncake .* disabled/);
    expect(await json('link', 'disable', '--name', 'cake')).toEqual({ ...created, active: false });
    expect((await webpos('link', 'enable', '--name', 'cake')).out).toMatch(/^Enabled the link /);
    expect(await named('cake')).toEqual(created);
    const { out: log } = await webpos('audit', 'verify');
    expect(log).not.toContain('broken');
  });

  it.each(['update', 'disable', 'enable'])('%s names a missing option, and an unknown link', async (step) => {
    expect(await webpos('link', step)).toMatchObject({ status: 2, err: expect.stringContaining('--name') as string });
    const unknown = await webpos('link', step, '--name', 'nothing');
    expect(unknown).toMatchObject({ status: 1, err: expect.stringContaining('no link with this name') as string });
  });
});
