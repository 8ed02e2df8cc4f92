/**
 * Notifications in a real browser and on a real mail server, on a phone without JavaScript and on a desk, with the keyboard alone: an
 * address is added and confirmed by the link that arrives, a digest waits for its time and for the end of the quiet hours, and a link stops
 * it all.
 */
import type { Gateway } from '@webpos/gateway';
import { Client } from '@webpos/sdk';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { epochMs } from '../packages/gateway/src/kernel/clock.ts';
import { DAY_MS, HOUR_MS } from '../packages/gateway/src/kernel/durations.ts';
import { createPerson } from '../packages/gateway/src/services/people/manage-people.ts';
import { openSession } from '../packages/gateway/src/services/people/sessions.ts';
import { SmtpReceiver } from '../packages/gateway/test/support/smtp-receiver.ts';
import { createSandboxPos } from '../scripts/support/sandbox-pos.ts';
import { describeInChromium } from '../test/support/describe-in-chromium.ts';
import { freePorts } from '../test/support/free-ports.ts';
import { openSandboxGateway, type SandboxGateway } from '../test/support/sandbox-gateway.ts';
import { DESK, heading, inspect, PHONE, press, tabTo, toggle, typeInto, WALK_MS } from './support/panel-walk.ts';

describeInChromium('notifications', (browser) => {
  let mails: SmtpReceiver;
  let sandbox: SandboxGateway;
  let gateway: Gateway;
  let url: string;
  let client: Client;
  let days = Date.UTC(2026, 10, 23);
  let now = days;

  beforeAll(async () => {
    mails = await SmtpReceiver.open();
    const [port] = await freePorts(1);
    url = `http://localhost:${port}`;
    const settings = {
      WEBPOS_PORT: String(port),
      WEBPOS_PUBLIC_URL: url,
      WEBPOS_SMTP_URL: `smtp://127.0.0.1:${mails.port}`,
      WEBPOS_SMTP_FROM: 'Corner shop <shop@shop.example>',
      WEBPOS_LOG_LEVEL: 'silent',
    };
    sandbox = await openSandboxGateway(settings, { clock: { now: () => epochMs(now) } });
    ({ gateway } = sandbox);
    client = new Client({ mode: 'sandbox', ...(await createSandboxPos(gateway, 1)), baseUrl: gateway.url });
  });
  afterAll(async () => {
    await sandbox?.[Symbol.asyncDispose]();
    await mails?.[Symbol.asyncDispose]();
  });

  /** Opens the panel as an owner who has logged in. */
  async function openAs(login: string, options: BrowserContextOptions): Promise<Page> {
    const { context } = gateway;
    const wanted = { login, name: login, email: null, role: 'owner', scope: { kind: 'all' } } as const;
    const { person } = await createPerson(context, { kind: 'command' }, wanted);
    const place = { userAgent: 'a browser', address: '127.0.0.1' };
    const { secret } = await context.store.transaction((tx) => openSession(context, tx, person.id, place));
    const opened = await browser.newContext(options);
    onTestFinished(() => opened.close());
    await opened.addCookies([{ name: 'webpos_panel', value: secret, url }]);
    return opened.newPage();
  }
  const textsTo = (address: string): string[] =>
    mails.mails.filter(({ to }) => to.includes(address)).map(({ raw }) => raw.replaceAll('=\r\n', '').replaceAll('=3D', '='));
  const arrived = async (address: string, count: number): Promise<string> => {
    await vi.waitFor(() => expect(textsTo(address)).toHaveLength(count));
    return textsTo(address).at(-1)!;
  };
  const linkIn = (mail: string, kind: 'confirm' | 'stop'): string =>
    new RegExp(`${url}/notifications/${kind}/[^\\s>"]+`).exec(mail)?.[0] ?? '';
  async function sell(): Promise<void> {
    const { uuid } = await client.createPaymentOrder({ amount: '10.00' });
    await client.paymentUpdate(uuid, { callback: 'payment.completed' });
  }

  /** Adds an address, first with a mistake, for a digest in the evening and quiet hours that hold it back. */
  async function subscribe(page: Page, address: string, options: BrowserContextOptions): Promise<void> {
    await page.goto(`${url}/panel`);
    await press(page.getByRole('link', { name: 'Notifications', exact: true }));
    await page.getByText('You have no notifications yet.').waitFor();
    await press(page.getByRole('link', { name: 'Add a channel' }));
    await heading(page, 'Add a channel');
    await typeInto(page.getByLabel('E-mail address / URL'), 'the counter');
    await toggle(page.getByLabel('Orders that are paid'));
    await toggle(page.getByLabel('Trouble with the Bitcoin network or the node'));
    await tabTo(page.getByLabel('Immediately'));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await toggle(page.getByLabel('Send nothing between'));
    await tabTo(page.getByLabel('From', { exact: true }));
    await page.keyboard.type('0500PM');
    await tabTo(page.getByLabel('To', { exact: true }));
    await page.keyboard.type('0800PM');
    await press(page.getByRole('button', { name: 'Save' }));
    await page.getByRole('alert').getByText('Please check what is marked.').waitFor();
    await page.getByText('Please enter a valid address that is not used too often.').waitFor();
    await inspect(page, options);
    expect(await page.getByLabel('Every day, together').isChecked()).toBe(true);
    await typeInto(page.getByLabel('E-mail address / URL'), address);
    await press(page.getByRole('button', { name: 'Save' }));
    await page.getByRole('status').getByText('Please open the link that was sent to this address.').waitFor();
    await inspect(page, options);
  }

  /** Opens the link of an e-mail and presses its button. */
  async function follow(
    page: Page,
    link: string,
    options: BrowserContextOptions,
    { button, outcome }: { readonly button: string; readonly outcome: string },
  ): Promise<void> {
    await page.goto(link);
    await inspect(page, options);
    await press(page.getByRole('button', { name: button }));
    await page.getByRole('status').getByText(outcome).waitFor();
    await inspect(page, options);
  }

  it.each([
    ['a phone without JavaScript', PHONE],
    ['a desk', DESK],
  ] as const)(
    'arrive when the person wants them, until the person stops them, on %s',
    async (name, options) => {
      const day = days;
      days += DAY_MS;
      now = day + 10 * HOUR_MS;
      const login = name.replaceAll(' ', '-').toLowerCase();
      const address = `${login}@shop.example`;
      const page = await openAs(login, options);
      await subscribe(page, address, options);
      await follow(page, linkIn(await arrived(address, 1), 'confirm'), options, {
        button: 'Yes, send them here',
        outcome: 'The address is confirmed.',
      });
      await vi.waitFor(() => expect(gateway.context.store.notices.wants('order.paid')).toBe(true));
      await sell();
      await sell();
      // From then on it is certain when they are due.
      const { store } = gateway.context;
      await vi.waitFor(async () => expect(await store.transaction((tx) => tx.notices.lockPending(1))).toEqual([]));

      // The time of the digest has passed, but it is in the quiet hours.
      now = day + 18.5 * HOUR_MS;
      await page.goto(`${url}/panel/notifications`);
      await page.getByText('Active').waitFor();
      await press(page.getByRole('link', { name: 'Change' }));
      await heading(page, address);
      await inspect(page, options);
      await press(page.getByRole('button', { name: 'Send a test message' }));
      await page.getByRole('status').getByText('The test message is on its way.').waitFor();
      expect(await arrived(address, 2)).toContain('This is a test message.');

      now = day + 20.1 * HOUR_MS;
      const digest = await arrived(address, 3);
      expect(digest).toMatch(/^Date: .* 20:06:00 /m);
      expect(digest).toContain('Subject: Notifications: 2');
      await follow(page, linkIn(digest, 'stop'), options, { button: 'Yes, stop them', outcome: 'The messages are stopped.' });
      await page.goto(`${url}/panel/notifications`);
      await page.getByText('Stopped').waitFor();
      await inspect(page, options);
      await vi.waitFor(async () => {
        await page.reload();
        expect(await page.getByRole('listitem').filter({ hasText: 'Sent' }).count()).toBe(3);
      });
    },
    WALK_MS,
  );
});
