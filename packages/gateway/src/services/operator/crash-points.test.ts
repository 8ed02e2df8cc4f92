/** Kills `key renew` and `restore` before and after every change that they make. */
import { randomInt } from 'node:crypto';
import { promises as files } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { crash, crashAt, step } from '../../../test/support/crashing-files.ts';
import { runWebpos } from '../../../test/support/run-webpos.ts';
import { testKey } from '../../../test/support/test-gateway.ts';
import { systemClock } from '../../kernel/clock.ts';
import { openMarksFile } from '../../store/marks/marks-file.ts';
import { formatMarks, parseMarks } from '../../store/marks/marks-text.ts';
import type { Store } from '../../store/ports/store.ts';
import { sqliteDialect } from '../../store/sql/dialects/sqlite/sqlite.ts';
import { openSqlStore } from '../../store/sql/sql-store.ts';
import { sqliteCopies } from '../../store/sql/sqlite-copies.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import type { Unconfirmed } from '../seals/reseal.ts';
import { keyFile as examineKeyFile, type Installation } from './examine-installation.ts';
import { examineSeals } from './examine-seals.ts';
import { existingKeys, isInterrupted } from './open-keys.ts';
import { renewKey } from './renew-key.ts';

vi.mock('node:fs/promises', async (original) => {
  const { crashingFiles } = await import('../../../test/support/crashing-files.ts');
  return crashingFiles(await original());
});

let folder: string;
beforeEach(async () => {
  crashAt(Infinity);
  folder = await files.mkdtemp(join(tmpdir(), 'webpos-crash-'));
  const { uuid } = JSON.parse(await run('account', 'create', '--name', 'Wallet', '--xpub', testKey(33), '--json')) as {
    uuid: string;
  };
  for (const name of ['Till', 'Shop']) await run('pos', 'create', '--name', name, '--account', uuid, '--currency', 'EUR');
});
afterEach(async () => {
  crashAt(Infinity);
  await files.rm(folder, { recursive: true, force: true });
});

async function run(...words: string[]): Promise<string> {
  const { status, out, err } = await runWebpos(folder, words);
  expect([status, err]).toEqual([0, '']);
  return out;
}

/** Runs `attempt` with a crash at the first step, the second, and so on, until one completes. Returns the number of steps. */
async function atEveryStep(attempt: () => Promise<unknown>, check: (at: number) => Promise<void>): Promise<number> {
  for (let at = 1; ; at += 1) {
    crashAt(at);
    await attempt().catch((error: unknown) => {
      if (!crash.isDead) throw error;
    });
    const hasDied = crash.isDead;
    crashAt(Infinity);
    await check(at);
    if (!hasDied) return at - 1;
  }
}

/** Each run crashes a second time at a fifth of the steps, beginning at random; CRASH_POINTS=all crashes at all of them. */
const EVERY_NTH_STEP = process.env['CRASH_POINTS'] === 'all' ? 1 : 5;
const RENEW_AGAIN = 'a renewal of the key was interrupted: run webpos key renew again';
const keyFile = (): string => join(folder, 'webpos.key');

describe('key renew', () => {
  const withStore = async <T>(work: (store: Store) => Promise<T>): Promise<T> => {
    const store = await openSqlStore(sqliteDialect(join(folder, 'webpos.db')));
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };

  /** Renews the key as the command does. @param shown Called when the secrets are shown. */
  async function renew(replaceWorkingKey: boolean, shown: () => void = () => undefined): Promise<Unconfirmed> {
    return withStore(async (store) => {
      const crashingStore: Store = {
        ...store,
        transaction: async (work) => {
          step();
          const result = await store.transaction(work);
          step();
          return result;
        },
      };
      const renewed = await renewKey({ store: crashingStore, clock: systemClock, keyFile: keyFile(), replaceWorkingKey });
      shown();
      await renewed.finish();
      return renewed.unconfirmed;
    });
  }

  /** Either no gateway starts, and the doctor says what to do, or all that it sells by is authentic. */
  async function expectClearWord(at: readonly number[]): Promise<void> {
    await withStore(async (store) => {
      const keys = await existingKeys({ store, keyFile: keyFile() }).catch(() => undefined);
      const installation: Installation = {
        database: undefined,
        keyFile: keyFile(),
        keys: async () => keys,
        privateFiles: [],
        publicUrl: undefined,
        mode: 'sandbox',
        fixedRatesInLiveMode: false,
      };
      if (keys === undefined) {
        const [finding] = await examineKeyFile({ installation });
        expect([at, finding]).toEqual([at, { what: 'key file', level: 'problem', says: RENEW_AGAIN }]);
      } else expect([at, await examineSeals({ store, installation })]).toMatchObject([at, [{ level: 'ok' }]]);
    });
  }

  it('that crashes at any step, and at any step once more, leaves nothing that the operator has to confirm', async () => {
    const crashAtStep = async (at: number): Promise<boolean> => {
      crashAt(at);
      await renew(true).catch((error: unknown) => {
        if (!crash.isDead) throw error;
      });
      const hasDied = crash.isDead;
      crashAt(Infinity);
      return hasDied;
    };
    let crashes = 0;
    for (let first = 1; await crashAtStep(first); first += 1) {
      await expectClearWord([first]);
      for (let second = 1 + randomInt(EVERY_NTH_STEP); await crashAtStep(second); second += EVERY_NTH_STEP) {
        crashes += 1;
        await expectClearWord([first, second]);
        expect([first, second, await renew(true)]).toEqual([first, second, { accounts: [], pos: [], refunds: [] }]);
        await crashAtStep(first);
      }
    }
    expect(crashes).toBeGreaterThan(20);
  });

  it.each([
    ['the key file', () => crashAt(Infinity), keyFile],
    ['the key of an interrupted renewal', () => crashAt(9), () => `${keyFile()}.renewal`],
  ])('changes nothing while others may read %s: what it has sealed would have to be confirmed', async (_what, prepare, path) => {
    prepare();
    await renew(true).catch(() => undefined);
    crashAt(Infinity);
    const text = await files.readFile(path(), 'utf8');
    await files.chmod(path(), 0o644);
    await expect(renew(true)).rejects.toThrow(`run: chmod 600 ${path()}`);
    expect(await files.readFile(path(), 'utf8')).toBe(text);
    await files.chmod(path(), 0o600);
    expect(await renew(true)).toEqual({ accounts: [], pos: [], refunds: [] });
  });

  it.each([
    ['that works', async () => undefined],
    ['that is lost', async () => files.rm(keyFile())],
    ['of another database', async () => files.writeFile(keyFile(), `${'0'.repeat(64)}\n`)],
  ])(
    'of a key %s can be repeated after a crash at any step, until the key file decrypts every secret and the secrets were shown',
    async (_what, spoil) => {
      await spoil();
      const secretsBefore = await withStore(async (store) => (await store.pos.list()).map(({ sealedSecret }) => sealedSecret));
      let wasShown = false;
      const steps = await atEveryStep(
        () => renew(true, () => (wasShown = true)),
        async (at) => {
          const state = await withStore(async (store) => ({
            opens: await existingKeys({ store, keyFile: keyFile() }).then(
              (keys) => keys !== undefined,
              () => false,
            ),
            isChanged: (await store.pos.list()).some(({ sealedSecret }, n) => sealedSecret !== secretsBefore[n]),
            isInterrupted: await isInterrupted(keyFile()),
          }));
          // A renewal whose secrets nobody has seen counts as interrupted.
          if (state.isChanged && !wasShown) expect([at, state.isInterrupted]).toEqual([at, true]);
          if (state.opens && !state.isInterrupted) return;
          let shownAgain = false;
          await renew(!state.isInterrupted, () => (shownAgain = true));
          expect([at, shownAgain]).toEqual([at, true]);
          await withStore(async (store) => expect(await existingKeys({ store, keyFile: keyFile() })).toBeDefined());
          expect(await isInterrupted(keyFile())).toBe(false);
          wasShown = false;
          secretsBefore.splice(
            0,
            Infinity,
            ...(await withStore(async (store) => (await store.pos.list()).map((pos) => pos.sealedSecret))),
          );
          await spoil();
        },
      );
      expect(steps).toBeGreaterThan(10);
    },
  );
});

describe('restore', () => {
  it('can be repeated after a crash at any step: every file is whole or missing, and none is overwritten', async () => {
    const source = join(folder, 'backup');
    await run('backup', source);
    const original = await files.readFile(join(source, 'webpos.db'));
    const key = await files.readFile(join(source, 'webpos.key'), 'utf8');
    let place = '';
    const restore = (): Promise<unknown> =>
      restoreBackup({
        source,
        keyFile: join(place, 'webpos.key'),
        marks: openMarksFile(join(place, 'webpos.key.marks')),
        parseMarks,
        database: { kind: 'sqlite', path: join(place, 'webpos.db'), copies: sqliteCopies(join(place, 'webpos.db')) },
      });
    const found = (name: string): Promise<Buffer | undefined> => files.readFile(join(place, name)).catch(() => undefined);
    const steps = await atEveryStep(
      async () => {
        place = await files.mkdtemp(join(folder, 'machine-'));
        return restore();
      },
      async (at) => {
        const [database, keyFound, marks] = await Promise.all([
          found('webpos.db'),
          found('webpos.key'),
          found('webpos.key.marks'),
        ]);
        if (database !== undefined) expect([at, database.equals(original)]).toEqual([at, true]);
        if (keyFound !== undefined) expect([at, keyFound.toString()]).toEqual([at, key]);
        if (marks !== undefined) expect(formatMarks(parseMarks(marks.toString()))).toBe(marks.toString());
        // The database comes last: if it exists, everything does.
        if (database !== undefined) expect([at, keyFound?.toString(), marks !== undefined]).toEqual([at, key, true]);
        await restore();
        expect((await found('webpos.db'))?.equals(original)).toBe(true);
        expect((await files.readdir(place)).filter((name) => /restoring|\.new$/.test(name))).toEqual([]);
      },
    );
    expect(steps).toBeGreaterThan(10);
  });
});
