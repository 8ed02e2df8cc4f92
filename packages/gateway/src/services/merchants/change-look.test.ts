import { expect, it } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { pngOf, svgOf } from '../../../test/support/logos.ts';
import { NOON, sampleAccount, samplePos } from '../../../test/support/samples.ts';
import { parseLogo } from '../../merchants/logo-image.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { changeTerms } from './change-terms.ts';

await onEveryDatabase('services/merchants/change-look.test.ts', (database) => {
  const [one, other] = [parseLogo(pngOf(4, 4)), parseLogo(svgOf('<path/>'))];

  it('only given fields change, and a logo is stored for as long as a POS uses it', async () => {
    const { store } = database;
    const context = { store, clock: { now: () => NOON }, keys: deriveKeys(Buffer.alloc(32, 1)), network: 'regtest' } as const;
    const account = sampleAccount();
    await store.accounts.insert(account);
    const [till, web] = [samplePos(account), samplePos(account)];
    for (const pos of [till, web]) await store.pos.insert(pos);

    const origins = ['https://shop.example', 'https://www.shop.example:8443'];
    const first = await changeTerms(context, { kind: 'command' }, till.id, {}, { accent: '#123456', logo: one, origins });
    expect(first.look).toEqual({
      support: null,
      accent: '#123456',
      origins,
      logo: expect.stringMatching(/^[\da-f]{64}$/) as unknown,
    });
    expect(await store.pos.get(till.id)).toEqual(first);
    expect((await changeTerms(context, { kind: 'command' }, web.id, {}, { logo: one })).look.logo).toBe(first.look.logo);

    const second = await changeTerms(context, { kind: 'command' }, till.id, { name: 'Till 2' }, { logo: other });
    expect([second.name, second.look.accent, second.look.origins]).toEqual(['Till 2', '#123456', origins]);
    expect(await store.pos.get(till.id)).toEqual(second);
    const read = async (id = first.look.logo!): Promise<unknown> => {
      const image = await store.logos.get(id);
      return image && { ...image, bytes: Uint8Array.from(image.bytes) };
    };
    expect(await read()).toEqual({ ...one, bytes: Uint8Array.from(one.bytes) });
    await changeTerms(context, { kind: 'command' }, web.id, {}, { logo: null });
    expect(await read()).toBeUndefined();
    expect(await read(second.look.logo!)).toEqual({ ...other, bytes: Uint8Array.from(other.bytes) });

    const last = await changeTerms(context, { kind: 'command' }, till.id, {}, { accent: null, origins: [] });
    expect((await store.pos.get(till.id))?.look).toEqual({ ...second.look, accent: null, origins: [] });
    expect(last.look.logo).toBe(second.look.logo);
  });
});
