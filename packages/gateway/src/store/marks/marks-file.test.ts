import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import type { WalletId } from '../../wallet/wallet-id.ts';
import { MarksNotWrittenError, MarksUnreadableError } from '../marks.ts';
import { LockedError, withFileLock } from '../sql/file-lock.ts';
import { openMarksFile } from './marks-file.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';

const WALLET = 'ab'.repeat(32) as WalletId;
const OTHER = 'cd'.repeat(32) as WalletId;
const HOLDER = fileURLToPath(new URL('../../../test/support/processes/hold-file-lock.ts', import.meta.url));
const mark = (end: number): { from: number; mark: number; by: string } => ({ from: end, mark: end, by: '0123456789abcdef' });

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'webpos.key.marks');
});

describe('the marks file', () => {
  it('is created by the first change, readable only by its owner', async () => {
    const file = openMarksFile(path);
    expect(await file.read()).toBeUndefined();
    expect(await file.update((draft) => draft.set(WALLET, mark(5)).size)).toBe(1);
    expect(await file.read()).toEqual(new Map([[WALLET, mark(5)]]));
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777, name).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(['webpos.key.marks', 'webpos.key.marks.lock']);
  });

  it('is not rewritten by an update that changes nothing', async () => {
    const file = openMarksFile(path);
    await file.update((draft) => void draft.set(WALLET, mark(5)));
    const before = await stat(path);
    await file.update((draft) => void draft.set(WALLET, mark(5)));
    expect((await stat(path)).ino).toBe(before.ino);
  });

  it('loses none of several concurrent updates', async () => {
    const files = [openMarksFile(path), openMarksFile(path), openMarksFile(path)];
    const add = (nth: number): Promise<unknown> =>
      (files[nth % 3] as (typeof files)[0]).update((draft) => void draft.set(WALLET, mark((draft.get(WALLET)?.mark ?? 0) + 1)));
    await Promise.all(Array.from({ length: 60 }, (_, nth) => add(nth)));
    expect((await files[0]?.read())?.get(WALLET)?.mark).toBe(60);
  });

  it('applies concurrent updates even if one of them throws', async () => {
    const file = openMarksFile(path);
    const results = await Promise.allSettled([
      file.update((draft) => void draft.set(WALLET, mark(1))),
      file.update((draft) => {
        draft.set(WALLET, mark(99));
        throw new Error('changed its mind');
      }),
      file.update((draft) => void draft.set(OTHER, mark(2))),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await file.read()).toEqual(
      new Map([
        [WALLET, mark(1)],
        [OTHER, mark(2)],
      ]),
    );
  });

  it.each(['', 'webpos marks 1\n', 'something else\n', '\0'.repeat(200)])(
    'is refused and left unchanged when it holds %j, and the error says what to do',
    async (text) => {
      await writeFile(path, text);
      const file = openMarksFile(path);
      const wrong = file.update((draft) => void draft.set(WALLET, mark(1)));
      await expect(wrong).rejects.toThrow(MarksUnreadableError);
      await expect(wrong).rejects.toThrow(/Restore the file from a backup.*webpos account skip/);
      await expect(file.read()).rejects.toThrow(MarksUnreadableError);
      expect(await readFile(path, 'utf8')).toBe(text);
    },
  );

  it('cannot be written while its folder is missing, and can be once it is back', async () => {
    const [inside, away] = [join(folder, 'keys'), join(folder, 'away')];
    await mkdir(inside);
    const file = openMarksFile(join(inside, 'marks'));
    await file.update((draft) => void draft.set(WALLET, mark(1)));
    await rename(inside, away);
    await expect(file.update((draft) => void draft.set(WALLET, mark(2)))).rejects.toThrow(MarksNotWrittenError);
    await rename(away, inside);
    await file.update((draft) => void draft.set(WALLET, mark((draft.get(WALLET)?.mark ?? 0) + 2)));
    expect((await file.read())?.get(WALLET)?.mark).toBe(3);
  });

  it('keeps its contents when a process dies while writing', async () => {
    const file = openMarksFile(path);
    await file.update((draft) => void draft.set(WALLET, mark(1)));
    await writeFile(`${path}.new`, 'webpos marks 1\nabab');
    await chmod(`${path}.new`, 0o400);
    expect((await file.read())?.get(WALLET)?.mark).toBe(1);
    await file.update((draft) => void draft.set(WALLET, mark(2)));
    expect((await file.read())?.get(WALLET)?.mark).toBe(2);
  });
});

describe('the lock of the marks file', () => {
  it('keeps other processes out while it is held, and is free once its holder is killed', async () => {
    const lock = join(folder, 'lock');
    const holder = fork(HOLDER, [lock], { execArgv: ['--conditions=webpos-source', '--import', 'tsx'] });
    try {
      await once(holder, 'message');
      await expect(withFileLock(lock, 50, async () => 'mine')).rejects.toThrow(LockedError);
      const waiting = withFileLock(lock, 20_000, async () => 'mine');
      holder.kill('SIGKILL');
      expect(await waiting).toBe('mine');
    } finally {
      holder.kill('SIGKILL');
    }
    expect(await withFileLock(lock, 0, async () => 'again')).toBe('again');
  });
});
