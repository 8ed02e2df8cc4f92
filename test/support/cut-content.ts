/** Finds content that a narrow page cuts off or pushes out of view. */
import type { Page } from 'playwright-core';

/** @returns a line for each text that is not fully visible, and one if the page scrolls sideways. */
export async function cutContent(page: Page): Promise<string[]> {
  return (await page.evaluate(FIND)) as string[];
}

/**
 * Runs in the browser. Text for screen readers is tiny by design, a link that skips shows itself with the focus, a region that takes the
 * focus can be scrolled by keyboard, and pictures are not text.
 */
const FIND = `(() => {
  const found = [];
  const forEars = new CSSStyleSheet();
  forEars.replaceSync('.unseen { display: none }');
  document.adoptedStyleSheets.push(forEars);
  const name = (element) => element.tagName.toLowerCase() + (element.id && '#' + element.id) + ' ' + element.textContent.trim().slice(0, 40);
  if (document.documentElement.scrollWidth > innerWidth) found.push('scrolls sideways by ' + (document.documentElement.scrollWidth - innerWidth));
  for (const element of document.body.querySelectorAll('*')) {
    if (!element.checkVisibility() || element.closest('.unseen, .skip, [role=region][tabindex="0"], svg')) continue;
    const { left, right } = element.getBoundingClientRect();
    if (right > innerWidth + 0.5 || left < -0.5) found.push('out of the page: ' + name(element));
    const { overflowX, overflowY } = getComputedStyle(element);
    const isWider = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
    const isHigher = element.scrollHeight > element.clientHeight + 1 && element.clientHeight > 0;
    if (isWider && element.matches('button, .button, dd, dt, h1, h2, p, summary')) found.push('wider than its box: ' + name(element));
    if ((isWider && overflowX !== 'visible') || (isHigher && overflowY !== 'visible')) found.push('cut: ' + name(element));
  }
  document.adoptedStyleSheets.pop();
  return found;
})()`;
