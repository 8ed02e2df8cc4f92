/**
 * Checks a page with axe, by the rules of WCAG 2.2 A and AA and by best practice. In dark colours, only by the rules that depend on colours
 * and layout: the elements are those of the light page, which is checked as well, and the other rules take most of the time. `AXE=all`
 * checks by all of them.
 */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
const RULES_IN_DARK = ['color-contrast', 'link-in-text-block', 'target-size'];

/** @returns a line for each element that breaks a rule. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(`window.axe ?? (() => { ${axe.source} })()`);
  const isDark = await page.evaluate<boolean>(`matchMedia('(prefers-color-scheme: dark)').matches`);
  const runOnly = isDark && process.env['AXE'] !== 'all' ? { type: 'rule', values: RULES_IN_DARK } : RULES;
  const { violations } = (await page.evaluate(`axe.run({ runOnly: ${JSON.stringify(runOnly)} })`)) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
