/** A person at a page who has only the keyboard, and a look at the pages that they come to. */
import type { Gateway } from '@webpos/gateway';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { issueCode } from '../../packages/gateway/src/services/people/panel-access.ts';
import { axeViolations } from '../../test/support/axe.ts';
import { cutContent } from '../../test/support/cut-content.ts';

export const PHONE = { viewport: { width: 320, height: 568 }, javaScriptEnabled: false, locale: 'en-US' } as const;
/** The inspection is a script, which the policy of the pages forbids. */
export const DESK = { viewport: { width: 1280, height: 800 }, bypassCSP: true, locale: 'en-US' } as const;

/** How long a walk may take on a machine that does much else. */
export const WALK_MS = 300_000;

const MAX_STOPS = 90;

/** Presses Tab until the element has the focus. @throws Error if it never has. */
export async function tabTo(target: Locator): Promise<void> {
  const page = target.page();
  const focused = target.and(page.locator(':focus-visible'));
  for (let stop = 0; stop < MAX_STOPS; stop += 1) {
    if ((await focused.count()) === 1) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${target.toString()}: expected to reach it by keyboard at ${page.url()}`);
}

/** Follows a link, or presses a button. */
export async function press(target: Locator): Promise<void> {
  await tabTo(target);
  await target.page().keyboard.press('Enter');
}

/** Types into a field in place of what it holds. */
export async function typeInto(target: Locator, text: string): Promise<void> {
  await tabTo(target);
  await target.page().keyboard.press('ControlOrMeta+a');
  await target.page().keyboard.type(text);
}

/** Ticks a box, or clears it. */
export async function toggle(target: Locator): Promise<void> {
  await tabTo(target);
  await target.page().keyboard.press('Space');
}

export async function heading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}

/** Logs in to the panel with a code of the command line. */
export async function logIn(page: Page, gateway: Pick<Gateway, 'url' | 'context'>): Promise<void> {
  await page.goto(`${gateway.url}/panel`);
  await typeInto(page.getByLabel('Code'), (await issueCode(gateway.context)).secret);
  await page.keyboard.press('Enter');
  await heading(page, 'Start');
}

/** Proves again who it is, as the panel asks before a dangerous action, and sends the form that waits. */
export async function confirm(page: Page, { context }: Pick<Gateway, 'context'>): Promise<void> {
  await heading(page, 'Confirm that it is you');
  await typeInto(page.getByLabel('Code'), (await issueCode(context)).secret);
  await page.keyboard.press('Enter');
  await heading(page, 'Confirmed');
  await press(page.getByRole('button', { name: 'Do it now' }));
}

const LOOKS = [
  ['light', 320],
  ['dark', 1280],
] as const;

/** In the browser: a name or a button of the header that is broken into lines, and boxes to tick that are as wide as a field. */
const MISSHAPEN = `[
  ...[...document.querySelectorAll('.top .brand, .top button')].filter((element) => element.getBoundingClientRect().height > 48),
  ...[...document.querySelectorAll('[type=checkbox], [type=radio]')].filter((box) => box.getBoundingClientRect().width > 32),
].map((element) => 'misshapen: ' + element.outerHTML)`;

/**
 * Expects a page to be without faults in light on a phone and in dark on a desk. It is loaded with JavaScript, as another walk on the same
 * pages has none.
 */
export async function inspect(page: Page, { javaScriptEnabled, viewport }: BrowserContextOptions): Promise<void> {
  if (javaScriptEnabled === false) return;
  for (const [colorScheme, width] of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    const faults = [...(await axeViolations(page)), ...(await cutContent(page)), ...(await page.evaluate<string[]>(MISSHAPEN))];
    expect(faults, `${page.url()}, ${colorScheme}, ${width} pixels`).toEqual([]);
  }
  if (viewport != null) await page.setViewportSize(viewport);
}
