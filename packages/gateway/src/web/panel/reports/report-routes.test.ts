import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { panelBrowser, type PanelBrowser } from '../../../../test/support/panel-browser.ts';
import { parseTable } from '../../../../test/support/read-report.ts';
import { openTestGateway, type Shop, type TestGateway } from '../../../../test/support/test-gateway.ts';
import { DAY_MS } from '../../../kernel/durations.ts';
import { isoDate } from '../../../kernel/clock.ts';
import { issueToken } from '../../../services/people/panel-access.ts';

let test: TestGateway;
let shop: Shop;
let browser: PanelBrowser;
let period: string;
beforeAll(async () => {
  test = await openTestGateway();
  shop = await test.newPos({ name: '=HYPERLINK("x")', defaults: { requiredConfirmations: 0 } });
  browser = await panelBrowser(test);
  const made = await test.call('POST', '/payment-order', {
    token: shop.token,
    body: { amount: '10.00', reference: '+49 "30", <b>' },
  });
  const { uuid } = made.body as { uuid: string };
  const day = isoDate(test.clock.now()).slice(0, 10);
  await test.call('POST', `/checkout/${uuid}/sandbox/pay`, { body: '' });
  await vi.waitFor(async () => {
    const { body } = await test.call('GET', `/payment-order/${uuid}`, { token: shop.token });
    if ((body as { state: { status: string } }).state.status !== 'paid') throw new Error('the order is not paid yet');
  }, 10_000);
  // Reports end a minute before they are made.
  test.clock.advance(DAY_MS);
  browser = await panelBrowser(test);
  period = `from=${day}&to=${isoDate(test.clock.now()).slice(0, 10)}`;
}, 60_000);
afterAll(() => test[Symbol.asyncDispose]());

describe('the page of reports', () => {
  it('shows the totals, and downloads rows with the rate at the payment', async () => {
    const { status, text } = await browser.get(`/panel/reports?${period}`);
    expect([status, text]).toEqual([200, expect.stringContaining('<th scope="row">EUR</th>')]);
    const file = await browser.get(`/panel/reports/download?${period}`);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="webpos-payments-[\d-]+\.csv"$/);
    const [row, ...rest] = parseTable(file.text);
    expect(rest).toEqual([]);
    expect(row).toMatchObject({
      value_at_order_rate: '10.00',
      value_at_payment: '10.00',
      payment_rate_source: 'fixed',
      order_amount: '10.00',
      reference: `'+49 "30", <b>`,
      pos_name: `'=HYPERLINK("x")`,
    });
    const entries = await test.gateway.context.store.audit.list({ subject: undefined, before: undefined, limit: 1 });
    expect(entries[0]).toMatchObject({ action: 'report.export', actor: { kind: 'operator' } });
    const totals = await browser.get(`/panel/reports/totals?${period}`);
    expect(parseTable(totals.text)).toMatchObject([{ currency: 'EUR', rows: '1', value_at_payment: '10.00' }]);
  });

  it('says beside the field what is wrong, and keeps what was entered', async () => {
    const download = await browser.get('/panel/reports/download?kind=days&format=koinly&from=2026-02-30&to=2026-03-01');
    expect(download.status).toBe(303);
    const { text } = await browser.get(download.headers.get('location')!);
    expect(text).toContain('value="2026-02-30"');
    expect(text).toMatch(/<input id="from"[^>]*aria-invalid="true"/);
    const formats = await browser.get('/panel/reports?kind=days&format=koinly');
    expect(formats.text).toMatch(/<select id="format"[^>]*aria-describedby="format-fault"/);
  });

  it('is not for somebody who is not logged in', async () => {
    for (const path of ['/panel/reports', '/panel/reports/download', '/panel/reports/totals'])
      expect((await test.call('GET', path)).headers.get('location')).toBe('/panel/login');
  });
});

describe('reports in the API', () => {
  it('stream the rows and sum them up', async () => {
    const token = (await issueToken(test.gateway.context, DAY_MS)).secret;
    const rows = await test.call('GET', `/panel/api/reports?${period}&kind=orders`, { token });
    expect(parseTable(rows.text)).toMatchObject([{ order_amount: '10.00', payments: '1', reference: `'+49 "30", <b>` }]);
    const { body } = await test.call('GET', `/panel/api/reports/totals?${period}`, { token });
    expect(body).toMatchObject({ totals: [{ currency: 'EUR', rows: 1, value_at_order_rate: '10.00' }] });
    const refused = await test.call('GET', '/panel/api/reports/totals?from=yesterday', { token });
    expect([refused.status, refused.body]).toEqual([400, expect.objectContaining({ error_code: '0001' })]);
    expect((await test.call('GET', '/panel/api/reports', {})).status).toBe(401);
  });
});
