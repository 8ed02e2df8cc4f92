import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';

import * as files from '../asset-files.ts';

it('another style sheet makes another release of the page', async () => {
  const { pageRelease } = await import('./release.ts');
  expect(pageRelease).toMatch(/^[\w-]{16}$/);
  vi.resetModules();
  vi.doMock('../asset-files.ts', () => ({ ...files, checkoutCss: `${files.checkoutCss}\n.x {}` }));
  expect((await import('./release.ts')).pageRelease).not.toBe(pageRelease);
  vi.doUnmock('../asset-files.ts');
  vi.resetModules();
  expect((await import('./release.ts')).pageRelease).toBe(pageRelease);
});

it('the release names the styles, the scripts and the texts', () => {
  const source = readFileSync(new URL('release.ts', import.meta.url), 'utf8');
  for (const part of ['checkoutCss', 'checkoutJs', 'framedJs', 'messages']) expect(source).toContain(part);
});
