/**
 * A process that sends the notices of a database, as e-mails to one mailbox server and as POST to their URLs. Everybody may know everything. Its argument is JSON: the
 * database, the port of the server, and how far its clock is ahead, by which claims of killed processes expire.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { createCallbackSender } from '../../../src/callbacks/http/callback-sender.ts';
import { epochMs } from '../../../src/kernel/clock.ts';
import { orderedUuid } from '../../../src/kernel/ordered-uuid.ts';
import { createSmtpSender } from '../../../src/notifications/smtp/smtp-sender.ts';
import { permissionsOf } from '../../../src/people/role.ts';
import { Notifications } from '../../../src/services/notifications/notifications.ts';
import { postgresDialect } from '../../../src/store/sql/dialects/postgres.ts';
import { sqliteDialect } from '../../../src/store/sql/dialects/sqlite/sqlite.ts';
import { openSqlStore } from '../../../src/store/sql/sql-store.ts';
import type { TestPlace } from '../every-database.ts';

const POST_DEADLINE_MS = 30_000;

interface Task {
  readonly address: TestPlace['address'];
  readonly port: number;
  readonly aheadMs: number;
}

const { address, port, aheadMs } = JSON.parse(process.argv[2] ?? '') as Task;
const dialect = 'path' in address ? sqliteDialect(address.path) : postgresDialect(address.url, { schema: address.schema });
const store = await openSqlStore(dialect);
const clock = { now: () => epochMs(Date.now() + aheadMs) };
const poster = createCallbackSender({
  now: () => clock.now(),
  dangerouslyAllowPrivateCallbacks: true,
  deadlineMs: POST_DEADLINE_MS,
});
const notifications = new Notifications({
  context: {
    store,
    clock,
    newUuid: () => orderedUuid(clock.now(), randomUUID()),
    keys: { notifications: new Uint8Array(32) },
    publicUrl: 'https://pay.example',
    recipients: {
      get: async (personId) => ({
        personId,
        name: 'Ada',
        permissions: permissionsOf('owner'),
        posIds: undefined,
        language: null,
      }),
    },
    write: (view) => {
      const text = view.kind === 'notices' ? view.items.map(({ id }) => `notice ${id}`).join('\n') : view.kind;
      return { subject: 'Notices', text, html: '' };
    },
  },
  mail: {
    sender: createSmtpSender({
      host: '127.0.0.1',
      port,
      isImplicitTls: false,
      startTls: 'none',
      user: undefined,
      password: undefined,
      greeting: 'pay.example',
      from: { name: '', address: 'shop@shop.example' },
      now: () => clock.now(),
    }),
    deadlineMs: 60_000,
  },
  post: { sender: poster, deadlineMs: POST_DEADLINE_MS },
  claimant: randomBytes(6).toString('base64url'),
  random: Math.random,
  log: { info: () => {}, warn: (fields, message) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`) },
  idleMs: 20,
});
notifications.start();
process.stdout.write('ready\n');
process.on('SIGTERM', () => {
  void notifications.stop().then(() => store.close());
});
