/** The order of the ways to pay: a phone cannot scan its own screen, and on a desktop the wallet is on another device. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCheckoutStage, type CheckoutStage, type StagedOrder } from '../../test/support/checkout-stage.ts';
import { describeInChromium } from '../../test/support/describe-in-chromium.ts';

const WAYS = ['wallet', 'code', 'test bitcoin', 'by hand'] as const;
type Way = (typeof WAYS)[number];

const TOUCH: readonly Way[] = ['wallet', 'code', 'test bitcoin', 'by hand'];
const MOUSE: readonly Way[] = ['code', 'wallet', 'test bitcoin', 'by hand'];

const DEVICES: readonly [string, BrowserContextOptions, readonly Way[]][] = [
  ['a small phone', { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true }, TOUCH],
  ['a tablet', { viewport: { width: 768, height: 1024 }, hasTouch: true, isMobile: true }, TOUCH],
  ['a tablet on its side', { viewport: { width: 1180, height: 820 }, hasTouch: true, isMobile: true }, TOUCH],
  ['a desktop', { viewport: { width: 1280, height: 800 } }, MOUSE],
  ['a narrow window on a desktop', { viewport: { width: 390, height: 800 } }, MOUSE],
];

/** In the browser: where the ways to pay are that can be seen, from the top. */
const SEEN = `['.wallet', '.qr', '.sandbox', '.by-hand'].flatMap((selector, way) =>
  [...document.querySelectorAll(selector)]
    .filter((element) => element.checkVisibility())
    .map((element) => ({ way, ...element.getBoundingClientRect().toJSON() })),
)`;

describeInChromium('the ways to pay', (browser) => {
  let stage: CheckoutStage;
  let orders: Readonly<Record<'pending' | 'partial', StagedOrder>>;

  beforeAll(async () => {
    stage = await openCheckoutStage();
    orders = { pending: await stage.orderIn('pending'), partial: await stage.orderIn('partial') };
  });
  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  describe.each([
    { how: 'with', javaScriptEnabled: true },
    { how: 'without', javaScriptEnabled: false },
  ])('$how JavaScript', ({ javaScriptEnabled }) => {
    it.each(DEVICES)('on %s are seen, read and reached by Tab in the order of their use', async (_, device, expected) => {
      const context = await browser.newContext({ ...device, javaScriptEnabled });
      const page = await context.newPage();
      for (const state of ['pending', 'partial'] as const) {
        await page.goto(orders[state].url);
        const isWide = (device.viewport?.width ?? 0) >= 800;
        // On a wide screen the code has a column of its own, beside what is paid by hand.
        const column = isWide ? expected.filter((way) => way !== 'by hand') : expected;
        expect(await seen(page, isWide), state).toEqual(column);
        expect(await readAloud(page), state).toEqual(expected);
        expect(await reachedByTab(page), state).toEqual(expected.filter((way) => way === 'wallet' || way === 'test bitcoin'));
      }
      await context.close();
    });
  });
});

async function seen(page: Page, isWide: boolean): Promise<Way[]> {
  const boxes = (await page.evaluate(SEEN)) as { way: number; top: number; bottom: number }[];
  const ordered = boxes.filter(({ way }) => !isWide || WAYS[way] !== 'by hand').sort((one, other) => one.top - other.top);
  ordered.slice(1).forEach(({ top }, at) => expect(top).toBeGreaterThanOrEqual(ordered[at]?.bottom ?? 0));
  return ordered.map(({ way }) => wayAt(way));
}

/** In the order of the accessibility tree, which is the one that a screen reader has. */
async function readAloud(page: Page): Promise<Way[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const children = new Map(nodes.map((node) => [node.nodeId, node.childIds ?? []]));
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const inOrder = (id: string): string[] => [id, ...(children.get(id) ?? []).flatMap(inOrder)];
  return inOrder(nodes[0]?.nodeId ?? '').flatMap((id) => {
    const node = byId.get(id);
    const [role, name] = [node?.role?.value as string, (node?.name?.value as string | undefined) ?? ''];
    if (role === 'link' && name === 'Open in wallet') return ['wallet'];
    if (name.startsWith('QR code: pay')) return ['code'];
    if (role === 'button' && name === 'Pay with test bitcoin') return ['test bitcoin'];
    return role === 'heading' && name === 'Pay manually' ? ['by hand'] : [];
  });
}

async function reachedByTab(page: Page): Promise<Way[]> {
  const names: string[] = [];
  for (let stop = 0; stop < 8; stop += 1) {
    await page.keyboard.press('Tab');
    names.push(await page.evaluate<string>('document.activeElement.textContent.trim()'));
  }
  return names.flatMap((name) => {
    if (name === 'Open in wallet') return ['wallet'];
    return name === 'Pay with test bitcoin' ? ['test bitcoin'] : [];
  });
}

function wayAt(index: number): Way {
  const way = WAYS[index];
  if (way === undefined) throw new Error(`no way ${index}`);
  return way;
}
