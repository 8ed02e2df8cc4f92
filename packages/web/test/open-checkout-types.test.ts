/** Checks that the types at `/checkout.d.ts` describe the script in both forms, without a cast. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { shopAssets } from '../src/page/assets.ts';

const SHOP = `
import { open, type CheckoutState } from 'https://pay.example/checkout.mjs';
const seen: CheckoutState[] = [];
open({ url: 'https://pay.example/checkout/1', onState: (state) => seen.push(state) }).close();
WebPOS.open({ url: 'https://pay.example/checkout/1', onDone: ({ status, url }) => location.assign(url ?? status) });
export const later = async (url: string): Promise<WebPOS.OpenedCheckout> =>
  (await import('https://shop.example/pay/checkout.mjs')).open({ url });
// @ts-expect-error -- a dialog needs a URL
WebPOS.open({});
`;

it('a shop that imports the module and one that loads the script both compile', { timeout: 180_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'webpos-checkout-types-'));
  try {
    writeFileSync(join(folder, 'checkout.d.ts'), String(shopAssets.get('/checkout.d.ts')?.body));
    writeFileSync(join(folder, 'shop.ts'), SHOP);
    const program = ts.createProgram([join(folder, 'checkout.d.ts'), join(folder, 'shop.ts')], {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: [],
    });
    const found = ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(found).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
