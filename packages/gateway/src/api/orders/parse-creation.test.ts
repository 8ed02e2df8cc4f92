import { expect, it } from 'vitest';
import { parseHostList } from '../../config/host-list.ts';
import { parseCurrency } from '../../orders/currency.ts';
import { parseCreation } from './parse-creation.ts';

it('a callback URL may be http for an allowed host, and a page URL may not', () => {
  const rules = { allowHttp: false, httpHosts: parseHostList('shop.lan') };
  const creation = { amount: '1.00', callback_url: 'http://shop.lan/hook' };
  expect(parseCreation(creation, parseCurrency('EUR'), rules)).toMatchObject({ callbackUrl: 'http://shop.lan/hook' });
  const page = { ...creation, continue_url: 'http://shop.lan/thanks' };
  expect(() => parseCreation(page, parseCurrency('EUR'), rules)).toThrow('continue_url must be an https URL');
});
