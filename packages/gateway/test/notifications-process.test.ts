/** Notices of real processes that are killed, and of several that share a database, on a real mail server. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { DAY_MS, HOUR_MS } from '../src/kernel/durations.ts';
import { parseId, type PersonId, type SubscriptionId } from '../src/kernel/ids.ts';
import { NOTICE_KINDS } from '../src/notifications/notice-kind.ts';
import type { Subscription } from '../src/notifications/subscription.ts';
import { subscriberSecret } from '../src/services/notifications/links.ts';
import { openSqlStore, type SqlStore } from '../src/store/sql/sql-store.ts';
import { IN_FILE, ON_POSTGRES, onEveryPlace, type TestPlace } from './support/every-database.ts';
import { NOON } from './support/samples.ts';
import { SmtpReceiver } from './support/smtp-receiver.ts';
import { program } from '../../../test/support/programs/program.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

const SUBSCRIPTION = parseId<SubscriptionId>('00000000-0000-4000-8000-0000000000ad');
/** The key file of the processes. */
const KEYS = { notifications: new Uint8Array(32) };

async function open(
  place: TestPlace,
  channel: Subscription['channel'] = { kind: 'email', address: 'ada@shop.example', confirmedAt: NOON },
): Promise<{ store: SqlStore; receiver: SmtpReceiver }> {
  const store = await openSqlStore(place.connect());
  const receiver = await SmtpReceiver.open();
  onTestFinished(async () => {
    await store.close();
    await receiver[Symbol.asyncDispose]();
  });
  await store.subscriptions.insert({
    id: SUBSCRIPTION,
    personId: parseId<PersonId>(randomUUID()),
    channel,
    kinds: NOTICE_KINDS,
    posIds: null,
    timing: { kind: 'immediately' },
    quiet: null,
    timeZone: 'UTC',
    urgentBreaksThrough: true,
    hasAmountsInSubject: false,
    createdAt: NOON,
    stoppedAt: null,
  });
  return { store, receiver };
}

async function start(place: TestPlace, receiver: SmtpReceiver, aheadMs = 0): Promise<ChildProcess> {
  const task = JSON.stringify({ address: place.address, port: receiver.port, aheadMs });
  const child = spawn(process.execPath, [await program('notify-people'), task], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => kill(child));
  await once(child.stdout, 'data');
  return child;
}

/** Kills a process, unless it is dead already. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const add = (store: SqlStore, ids: readonly string[]): Promise<void> =>
  store.transaction((tx) =>
    tx.notices.add(
      ids.map((id) => ({ id, at: NOON, posId: null, personId: null, facts: { kind: 'seal.broken', row: id } as const })),
    ),
  );
const messageOf = (raw: string): string => /^Message-ID: (.*)$/im.exec(raw)?.[1] ?? '';
const noticesIn = (raw: string): string[] => [...raw.matchAll(/^notice (\S+)/gm)].map(([, id = '']) => id);

await onEveryPlace(
  'notifications-process.test.ts',
  (place) => {
    it('a process that is killed loses no notice, and what it sends again has the same id', async () => {
      const { store, receiver } = await open(place());
      const added: string[] = [];
      for (const when of ['before it is accepted', 'after it is accepted', 'before it is looked at'] as const) {
        const ids = [1, 2, 3].map((n) => `${when.replaceAll(' ', '-')}-${n}`);
        added.push(...ids);
        const child = await start(place(), receiver, added.length * HOUR_MS);
        const killed = new Promise<void>((resolve) => {
          receiver.onData = async (mail) => {
            receiver.onData = async () => {};
            if (when === 'after it is accepted') receiver.mails.push(mail);
            await kill(child);
            resolve();
            throw new Error('nobody listens any more');
          };
        });
        await add(store, ids);
        // It may be dead already: it sends again what the one before could not finish.
        await (when === 'before it is looked at' ? kill(child) : killed);
        receiver.onData = async () => {};
      }
      await start(place(), receiver, 2 * DAY_MS);
      await vi.waitFor(() => expect(new Set(receiver.mails.flatMap(({ raw }) => noticesIn(raw)))).toEqual(new Set(added)), {
        timeout: 60_000,
      });
      const messages = new Map<string, Set<string>>();
      for (const { raw } of receiver.mails)
        for (const id of noticesIn(raw)) messages.set(id, (messages.get(id) ?? new Set()).add(messageOf(raw)));
      expect([...messages.values()].every((ids) => ids.size === 1)).toBe(true);
    });
  },
  [IN_FILE],
);

interface Posted {
  readonly id: string;
  readonly body: string;
  readonly isAuthentic: boolean;
}

/** Verifies a message as https://www.standardwebhooks.com says. */
function postedOf({ headers }: IncomingMessage, body: string): Posted {
  const [id, time, signatures] = ['id', 'timestamp', 'signature'].map((name) => String(headers[`webhook-${name}`]));
  const key = Buffer.from(subscriberSecret(KEYS, SUBSCRIPTION).replace('whsec_', ''), 'base64');
  const expected = `v1,${createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')}`;
  return { id: id ?? '', body, isAuthentic: signatures?.split(' ').includes(expected) === true };
}

await onEveryPlace(
  'notifications-process.test.ts',
  (place) => {
    it('a message to a program is signed, tried again, and not lost with its process', async () => {
      const posts: Posted[] = [];
      let answer: (response: ServerResponse) => unknown = (response) => response.writeHead(204).end();
      const server = createServer((request, response) => {
        let body = '';
        request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        request.on('end', () => {
          posts.push(postedOf(request, body));
          answer(response);
        });
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      onTestFinished(() => void server.close());
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notices`;
      const { store, receiver } = await open(place(), { kind: 'post', url });
      const wanted = (id: string): Posted[] => posts.filter(({ body }) => body.includes(`"${id}"`));
      const until = (isDone: () => void) => vi.waitFor(isDone, { timeout: 60_000, interval: 5 });

      // It is refused, and its process is killed before it tries again.
      answer = (response) => response.writeHead(503).end();
      let child = await start(place(), receiver);
      await add(store, ['refused']);
      await until(() => expect(wanted('refused')).toHaveLength(1));
      await kill(child);
      // The next process is killed before it has the answer.
      answer = () => undefined;
      child = await start(place(), receiver, HOUR_MS);
      await add(store, ['unanswered']);
      await until(() => expect(wanted('unanswered')).toHaveLength(1));
      await kill(child);
      answer = (response) => response.writeHead(204).end();
      await start(place(), receiver, DAY_MS);
      const statuses = async () => {
        const messages = await store.messages.list({ personId: undefined, before: undefined, limit: 9 });
        return messages.map(({ delivery }) => delivery.status);
      };
      await vi.waitFor(async () => expect(await statuses()).toEqual(['sent', 'sent']), { timeout: 60_000, interval: 5 });
      expect(posts.filter(({ isAuthentic }) => !isAuthentic)).toEqual([]);
      for (const id of ['refused', 'unanswered']) {
        expect(wanted(id).length).toBeGreaterThan(1);
        expect(new Set(wanted(id).map((post) => post.id)).size).toBe(1);
      }
    });
  },
  [IN_FILE],
);

await onEveryPlace(
  'notifications-process.test.ts',
  (place) => {
    it('two processes send each notice once', async () => {
      const { store, receiver } = await open(place());
      await Promise.all([start(place(), receiver), start(place(), receiver)]);
      const ids = Array.from({ length: 120 }, (_, n) => `n${n}`);
      for (let n = 0; n < ids.length; n += 10) await add(store, ids.slice(n, n + 10));
      const received = (): string[] => receiver.mails.flatMap(({ raw }) => noticesIn(raw));
      await vi.waitFor(() => expect(new Set(received()).size).toBe(ids.length), { timeout: 60_000 });
      expect(received().sort()).toEqual(ids.sort());
    });
  },
  [ON_POSTGRES],
);
