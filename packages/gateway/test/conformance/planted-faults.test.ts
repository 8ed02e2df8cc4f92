/** Checks the conformance checks: they must find each of many faults that a proxy plants. */
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

it('the conformance check finds nothing if the proxy changes nothing', async () => {
  proxy.tampering = undefined;
  const { findings } = await checkConformance({ ...own.target, baseUrl: proxy.url });
  expect(findings).toEqual([]);
}, 240_000);

it.each(FAULTS)(
  'the conformance check finds $name',
  async ({ section, finds, tampering, deliveries }) => {
    proxy.tampering = tampering;
    const { receiver } = own.target;
    const tampered = {
      url: receiver.url,
      get deliveries() {
        return deliveries?.(receiver.deliveries) ?? receiver.deliveries;
      },
    };
    const { findings } = await checkConformance(
      { ...own.target, baseUrl: proxy.url, receiver: tampered },
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
