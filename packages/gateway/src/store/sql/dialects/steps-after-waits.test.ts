/** Work that waits for the database continues under the name of its step, so that the watchdog names it when it holds the thread. */
import { expect, test } from 'vitest';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import { blockOf } from '../../../../test/support/samples.ts';
import { currentStep, enterStep, stepOf } from '../../../kernel/thread/steps.ts';

const OURS = stepOf('the step that waits');
const OTHER = stepOf('another step meanwhile');

/** Enters another step in every turn of the event loop, as other work does. */
function startOthers(): { stop(): void } {
  let isStopped = false;
  const turn = (): void => {
    if (isStopped) return;
    enterStep(OTHER);
    setImmediate(turn);
  };
  setImmediate(turn);
  return { stop: () => (isStopped = true) };
}

await onEveryDatabase(import.meta.url, (database) => {
  test('every statement is followed by the step that asked for it', async () => {
    const { store } = database;
    const others = startOthers();
    const seen: (string | undefined)[] = [];
    const note = (): number => seen.push(currentStep()?.name);
    try {
      enterStep(OURS);
      await store.chain.tip();
      note();
      await store.transaction(async ({ chain }) => {
        note();
        await chain.append([blockOf(1)]);
        note();
        await chain.tip();
        note();
      });
      note();
      await expect(
        store.transaction(async () => {
          throw new Error('given up');
        }),
      ).rejects.toThrow('given up');
    } finally {
      others.stop();
    }
    expect(seen).toEqual(seen.map(() => OURS.name));
    expect(seen).toHaveLength(5);
  });
});
