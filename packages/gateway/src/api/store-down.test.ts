import { expect, it } from 'vitest';
import { refusingWhileStoreIsDown } from './store-down.ts';

const coded = (code: string): Error => Object.assign(new Error('no'), { code });
const failing = (error: Error) => async (): Promise<never> => {
  throw error;
};

it.each([
  coded('ECONNREFUSED'),
  coded('SQLITE_BUSY'),
  coded('SQLITE_BUSY_SNAPSHOT'),
  coded('53300'),
  coded('57P01'),
  coded('08006'),
  new Error('timeout exceeded when trying to connect'),
  new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]),
])('a store that is down gets 4006 and a time to try again: %s', async (cause) => {
  await expect(refusingWhileStoreIsDown(failing(cause))).rejects.toMatchObject({ code: '4006', retryAfterS: 5, cause });
});

it.each([coded('23505'), coded('42P01'), coded('SQLITE_CONSTRAINT'), new TypeError('x is undefined')])(
  'a mistake stays a mistake: %s',
  async (error) => {
    await expect(refusingWhileStoreIsDown(failing(error))).rejects.toBe(error);
  },
);

it('what is made is passed on', async () => {
  expect(await refusingWhileStoreIsDown(async () => 7)).toBe(7);
});
