import { expect, it } from 'vitest';
import { inPages } from './in-pages.ts';
import { currentStep, enterStep, stepOf, takeSteps } from './steps.ts';

it('works through pages until one is the last, with turns for other work in between', async () => {
  const done: string[] = [];
  const over = new AbortController();
  const others = (async () => {
    while (!over.signal.aborted) {
      if (done.at(-1) !== 'other') done.push('other');
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  let pages = 0;
  await inPages(new AbortController().signal, async () => {
    done.push('page');
    pages += 1;
    return pages < 3;
  });
  over.abort();
  await others;
  expect(done.slice(0, 6)).toEqual(['other', 'page', 'other', 'page', 'other', 'page']);
});

it('stops after the page during which the signal is aborted', async () => {
  const controller = new AbortController();
  let pages = 0;
  await inPages(controller.signal, async () => {
    pages += 1;
    controller.abort();
    return true;
  });
  expect(pages).toBe(1);
});

it('ends a pause when the signal is aborted', async () => {
  const controller = new AbortController();
  const beganMs = performance.now();
  await inPages(controller.signal, async () => {
    // A page that seems to have taken long.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    setTimeout(() => controller.abort(), 10);
    return true;
  });
  expect(performance.now() - beganMs).toBeLessThan(1_900);
});

it('continues with the next page in its own step', async () => {
  const own = stepOf('pages');
  const steps: unknown[] = [];
  enterStep(own);
  setTimeout(takeSteps, 5);
  await inPages(new AbortController().signal, async () => {
    steps.push(currentStep());
    const beganMs = performance.now();
    while (performance.now() - beganMs < 20);
    return steps.length < 2;
  });
  expect(steps).toEqual([own, own]);
});
