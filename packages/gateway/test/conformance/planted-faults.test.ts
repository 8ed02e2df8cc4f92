/** That the conformance test finds what is wrong: a gateway with a planted fault is found out, for each of many faults. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkConformance, SECTIONS } from './check-conformance.ts';
import { FAULTS } from './faults.ts';
import { openFaultyProxy, type FaultyProxy } from './faulty-proxy.ts';
import { openOwnTarget, type OwnTarget } from './own-target.ts';

let own: OwnTarget;
let proxy: FaultyProxy;
beforeAll(async () => {
  own = await openOwnTarget();
  proxy = await openFaultyProxy(own.target.baseUrl);
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
});

it('the conformance check finds nothing in what the proxy passes on unchanged', async () => {
  proxy.spoiling = undefined;
  const { findings } = await checkConformance({ ...own.target, baseUrl: proxy.url });
  expect(findings).toEqual([]);
}, 120_000);

it.each(FAULTS)(
  'the conformance check finds $name',
  async ({ section, finds, spoiling, deliveries }) => {
    proxy.spoiling = spoiling;
    const { receiver } = own.target;
    const spoilt = {
      url: receiver.url,
      get deliveries() {
        return deliveries?.(receiver.deliveries) ?? receiver.deliveries;
      },
    };
    const { findings } = await checkConformance(
      { ...own.target, baseUrl: proxy.url, receiver: spoilt },
      { sections: [section], until: ({ what }) => finds.test(what) },
    );
    expect(findings.map(({ what }) => what)).toEqual(expect.arrayContaining([expect.stringMatching(finds)]));
  },
  60_000,
);

it('the conformance check has a planted fault for each of its sections', () => {
  expect(new Set(FAULTS.map(({ section }) => section))).toEqual(new Set(SECTIONS));
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
});
