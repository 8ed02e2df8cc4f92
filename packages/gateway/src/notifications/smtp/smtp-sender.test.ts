import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../test/support/make-certificate.ts';
import { reply, SmtpReceiver } from '../../../test/support/smtp-receiver.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { MessageId } from '../../kernel/ids.ts';
import type { Mail, SendResult } from '../mail.ts';
import { checkSmtp, createSmtpSender, type SmtpSenderOptions } from './smtp-sender.ts';

const NEVER = new AbortController().signal;
const PASSWORD = 'correct horse';
const MAIL: Mail = {
  id: '01234567-89ab-4cde-8f01-23456789abcd' as MessageId,
  to: 'ada@shop.example',
  subject: 'Bestellung 3F8B2C1E bezahlt · Grüße',
  text: 'Bezahlt: 10,00 €\n.\nEnde',
  html: '<p>Bezahlt: 10,00&nbsp;€</p>',
  unsubscribeUrl: 'https://pay.example/notifications/stop/1/abc',
};

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

function optionsFor(port: number, changes: Partial<SmtpSenderOptions> = {}): SmtpSenderOptions {
  return {
    host: '127.0.0.1',
    port,
    isImplicitTls: false,
    startTls: 'none',
    user: undefined,
    password: undefined,
    greeting: 'pay.example',
    from: { name: 'Corner, shop "1"', address: 'shop@shop.example' },
    now: () => Date.UTC(2026, 11, 1),
    deadlineMs: 20_000,
    ...changes,
  };
}

async function receiver(...options: Parameters<typeof SmtpReceiver.open>): Promise<SmtpReceiver> {
  const made = await SmtpReceiver.open(...options);
  opened.push(made);
  return made;
}

function send(port: number, changes: Partial<SmtpSenderOptions> = {}, mail: Partial<Mail> = {}): Promise<SendResult> {
  return createSmtpSender(optionsFor(port, changes)).send({ ...MAIL, ...mail }, NEVER);
}

async function certificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const folder = await temporaryFolder();
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  await makeCertificate(files, '127.0.0.1');
  return { key: await readFile(files.keyFile, 'utf8'), cert: await readFile(files.certFile, 'utf8') };
}

describe('an e-mail', () => {
  it('arrives with its headers, as text and HTML', async () => {
    const { port, mails } = await receiver();
    expect(await send(port)).toEqual({ kind: 'sent' });
    const [mail] = mails;
    expect(mail).toMatchObject({ from: 'shop@shop.example', to: ['ada@shop.example'], wasEncrypted: false });
    const [head = ''] = (mail?.raw ?? '').split('\r\n\r\n');
    const headers = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
    expect(headers).toEqual(
      expect.arrayContaining([
        'To: ada@shop.example',
        'Message-ID: <01234567-89ab-4cde-8f01-23456789abcd@shop.example>',
        'Auto-Submitted: auto-generated',
        'List-Unsubscribe: <https://pay.example/notifications/stop/1/abc>',
        'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
        expect.stringMatching(/^Content-Type: multipart\/alternative;/),
      ]),
    );
    expect(mail?.raw).toContain('Bezahlt: 10,00 =E2=82=AC');
  });

  it('cannot be given another header or recipient by what it contains', async () => {
    const { port, mails } = await receiver();
    const evil = 'paid\r\nBcc: eve@evil.example\r\n\r\nhello\n.\nMAIL FROM:<eve@evil.example>\u2028X-Evil: 1';
    expect(await send(port, {}, { subject: evil, text: evil, unsubscribeUrl: null })).toEqual({ kind: 'sent' });
    expect(mails.map(({ to }) => to)).toEqual([['ada@shop.example']]);
    const head = (mails[0]?.raw ?? '').split('\r\n\r\n')[0] ?? '';
    expect(head).not.toMatch(/^(?:Bcc|X-Evil)/im);
    expect(head.match(/^Subject:/gm)).toHaveLength(1);
  });

  it('is sent by a user over TLS, with the certificate verified', async () => {
    const pair = await certificate();
    const onAuth = (
      auth: { username?: string; password?: string },
      _: unknown,
      done: (e: Error | null, r?: object) => void,
    ): void => (auth.password === PASSWORD ? done(null, { user: auth.username }) : done(new Error('wrong')));
    for (const secure of [true, false]) {
      const { port, mails } = await receiver({ ...pair, secure, authOptional: false, onAuth } as never);
      const tls = { isImplicitTls: secure, startTls: 'required', ca: pair.cert, user: 'shop' } as const;
      expect(await send(port, { ...tls, password: PASSWORD })).toEqual({ kind: 'sent' });
      expect(mails).toMatchObject([{ wasEncrypted: true, user: 'shop' }]);
      const refused = await send(port, { ...tls, password: 'wrong secret' });
      expect(refused).toMatchObject({ kind: 'failed', concerns: 'server', isFinal: false });
      expect(JSON.stringify(refused)).not.toContain('wrong secret');
      expect(await checkSmtp(optionsFor(port, { ...tls, password: PASSWORD }), NEVER)).toBeUndefined();
      expect(await checkSmtp(optionsFor(port, { ...tls, password: 'wrong secret' }), NEVER)).toMatch(/535/);
      const untrusted = await send(port, { ...tls, password: PASSWORD, ca: (await certificate()).cert });
      expect(untrusted).toMatchObject({ kind: 'failed', concerns: 'server', isFinal: false, error: /certificate/i });
      expect(mails).toHaveLength(1);
    }
  });

  it('is not sent in plain text if TLS is required', async () => {
    const { port, mails } = await receiver();
    expect(await send(port, { startTls: 'required', user: 'shop', password: PASSWORD })).toMatchObject({
      kind: 'failed',
      concerns: 'server',
      isFinal: false,
    });
    expect(mails).toEqual([]);
  });
});

describe('a server that fails', () => {
  it.each([
    [450, 'greylisted', { concerns: 'message', isFinal: false }],
    [550, 'no such user', { concerns: 'message', isFinal: true }],
    // It closes the connection with this.
    [421, '', { concerns: 'server', isFinal: false }],
  ] as const)('with %i at the recipient: %s', async (code, text, expected) => {
    const made = await receiver();
    made.onRecipient = () => {
      throw reply(code, text || 'shutting down');
    };
    expect(await send(made.port)).toMatchObject({ kind: 'failed', error: expect.stringContaining(text) as string, ...expected });
    expect(made.mails).toEqual([]);
  });

  it('refuses the text for good', async () => {
    const made = await receiver();
    made.onData = () => Promise.reject(reply(554, 'spam'));
    expect(await send(made.port)).toMatchObject({ concerns: 'message', isFinal: true });
  });

  it('closes the connection after the text, so that the message is sent again', async () => {
    const made = await receiver();
    made.onData = async (mail) => {
      made.mails.push(mail);
      made.cut();
      await new Promise(() => {});
    };
    expect(await send(made.port)).toMatchObject({ kind: 'failed', concerns: 'server', isFinal: false });
    made.onData = async () => {};
    expect(await send(made.port)).toEqual({ kind: 'sent' });
    const ids = made.mails.map(({ raw }) => /^Message-ID: (.*)$/m.exec(raw)?.[1]);
    expect(new Set(ids).size).toBe(1);
  });

  it('is not there', async () => {
    const { port } = await receiver();
    await opened.pop()?.[Symbol.asyncDispose]();
    expect(await send(port)).toMatchObject({ concerns: 'server', isFinal: false, error: /ECONNREFUSED/ });
  });

  it.each(['says nothing', 'greets and says nothing more', 'sends an endless answer'])('%s', async (what) => {
    const silent = await silentServer(what);
    opened.push(silent);
    const result = await send(silent.port, { deadlineMs: 300 });
    expect(result).toMatchObject({ kind: 'failed', concerns: 'server', isFinal: false });
    const aborting = new AbortController();
    const sending = createSmtpSender(optionsFor(silent.port)).send(MAIL, aborting.signal);
    aborting.abort();
    expect(await sending).toMatchObject({ kind: 'failed', isFinal: false });
    await silent.closed();
  });
});

interface Silent extends AsyncDisposable {
  readonly port: number;
  /** Resolves when no client is connected. */
  closed(): Promise<void>;
}

async function silentServer(what: string): Promise<Silent> {
  const waiting: Promise<void>[] = [];
  const server: Server = createServer((socket) => {
    waiting.push(new Promise((resolve) => void socket.on('close', () => resolve())));
    socket.on('error', () => {});
    socket.resume();
    if (what.startsWith('greets')) socket.write('220 mail.example\r\n');
    if (what.startsWith('sends')) {
      const more = (): void => {
        if (!socket.destroyed) socket.write(`220-${'x'.repeat(10_000)}\r\n`, () => setImmediate(more));
      };
      more();
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    closed: async () => void (await Promise.all(waiting)),
    [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
