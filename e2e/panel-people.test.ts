/** Passkeys in a real browser with a virtual authenticator: set up from an invitation, a login, and a confirmation, by keyboard. */
import type { Gateway } from '@webpos/gateway';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { epochMs } from '../packages/gateway/src/kernel/clock.ts';
import { MINUTE_MS } from '../packages/gateway/src/kernel/durations.ts';
import { createPerson } from '../packages/gateway/src/services/people/manage-people.ts';
import { invitationUrl } from '../packages/gateway/src/services/people/invitations.ts';
import { axeViolations } from '../test/support/axe.ts';
import { describeInChromium } from '../test/support/describe-in-chromium.ts';
import { freePorts } from '../test/support/free-ports.ts';
import { openSandboxGateway, type SandboxGateway } from '../test/support/sandbox-gateway.ts';

describeInChromium('people and passkeys', (browser) => {
  let sandbox: SandboxGateway;
  let gateway: Gateway;
  let url: string;
  let offsetMs = 0;
  const clock = { now: () => epochMs(Date.now() + offsetMs) };
  beforeAll(async () => {
    const [port] = await freePorts(1);
    url = `http://localhost:${port}`;
    const settings = { WEBPOS_PORT: String(port), WEBPOS_PUBLIC_URL: url, WEBPOS_LOG_LEVEL: 'silent' };
    sandbox = await openSandboxGateway(settings, { clock });
    ({ gateway } = sandbox);
  });
  afterAll(() => sandbox?.[Symbol.asyncDispose]());

  async function withAuthenticator(page: Page): Promise<void> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
  }

  it('an owner sets up a passkey, logs in with it, and confirms an invitation with it', async () => {
    const wanted = { login: 'ada', name: 'Ada', email: null, role: 'owner', scope: { kind: 'all' } } as const;
    const { invitation, person } = await createPerson(gateway.context, { kind: 'command' }, wanted);
    const context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    await withAuthenticator(page);
    await page.goto(invitationUrl(url, invitation));
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create a passkey' }).press('Enter');
    await page.getByRole('heading', { name: 'Your recovery keys' }).waitFor();
    await page.getByRole('link', { name: 'To the panel' }).click();
    await page.getByRole('button', { name: 'Log out' }).press('Enter');
    await page.waitForURL(/\/panel\/login$/);
    // The browser offers the passkey in the field by itself, and the button is gone then; or when the button is pressed.
    await page
      .getByRole('button', { name: 'Use a passkey' })
      .press('Enter', { noWaitAfter: true, timeout: 10_000 })
      .catch(() => undefined);
    await page.waitForURL((to) => !to.pathname.startsWith('/panel/login'));
    await page.goto(`${url}/panel/profile`);
    expect(await axeViolations(page)).toEqual([]);
    await page.goto(`${url}/panel/people`);
    expect(await axeViolations(page)).toEqual([]);
    offsetMs = 6 * MINUTE_MS;
    await page.getByLabel('Login').fill('bob');
    await page.getByLabel('Name', { exact: true }).fill('Bob');
    await page.getByRole('button', { name: 'Invite', exact: true }).press('Enter');
    await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    const { people, passkeys } = gateway.context.store;
    expect(await people.byLogin('bob')).toBeUndefined();
    await page.getByRole('button', { name: 'Use a passkey' }).press('Enter');
    await page.getByRole('button', { name: 'Do it now' }).press('Enter');
    await page.getByText('Send this link to').waitFor();
    expect(await people.byLogin('bob')).toMatchObject({ name: 'Bob', role: 'cashier' });
    const [{ counter } = { counter: 0 }] = await passkeys.ofPerson(person.id, 9);
    expect(counter).toBeGreaterThan(1);
    await context.close();
  }, 120_000);

  it.each(['light', 'dark'] as const)(
    'the login page is readable, %s and 320 pixels wide',
    async (colorScheme) => {
      const context = await browser.newContext({ colorScheme, viewport: { width: 320, height: 700 }, bypassCSP: true });
      const page = await context.newPage();
      await page.goto(`${url}/panel/login`);
      expect(await axeViolations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
      await context.close();
    },
    60_000,
  );
});
