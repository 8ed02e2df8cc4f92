import { expect, test } from 'vitest';
import { currentStep, enterStep, stepOf, takeSteps } from './steps.ts';
import { isTurnLong, nextTurn, TurnShare } from './turns.ts';

function work(durationMs: number): void {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs);
}

test('a turn becomes long by what runs in it, and the next one begins anew', async () => {
  await nextTurn();
  expect(isTurnLong()).toBe(false);
  await Promise.resolve();
  work(12);
  expect(isTurnLong()).toBe(true);
  await nextTurn();
  expect(isTurnLong()).toBe(false);
});

test('a share of a turn counts from its first use in that turn', async () => {
  const share = new TurnShare();
  await nextTurn();
  work(12);
  expect(share.isSpent()).toBe(false);
  work(12);
  expect(share.isSpent()).toBe(true);
  await nextTurn();
  expect(share.isSpent()).toBe(false);
});

test('work that others wait for continues before them', async () => {
  const order: string[] = [];
  const continues = async (name: string, isFirst: boolean): Promise<void> => {
    await nextTurn(isFirst);
    order.push(name);
  };
  await Promise.all([continues('one', false), continues('two', false), continues('first', true)]);
  expect(order).toEqual(['first', 'one', 'two']);
});

test('work continues in its own step', async () => {
  const [own, other] = [stepOf('own'), stepOf('other')];
  enterStep(own);
  setImmediate(() => enterStep(other));
  await nextTurn();
  expect(currentStep()).toBe(own);
  takeSteps();
});

test('however much work waits, timers and requests get their turns in between', async () => {
  const order: string[] = [];
  const waiting = Array.from({ length: 8 }, async (_, n) => {
    await nextTurn();
    work(11);
    order.push(String(n));
  });
  const waits = { isOver: false };
  const others = (async () => {
    while (!waits.isOver) {
      await new Promise((resolve) => setTimeout(resolve));
      order.push('-');
    }
  })();
  await Promise.all(waiting);
  waits.isOver = true;
  await others;
  expect(order.filter((one) => one !== '-').join('')).toBe('01234567');
  expect(order.join('')).not.toMatch(/\d{4}/);
});
