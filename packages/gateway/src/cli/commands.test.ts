import { expect, it } from 'vitest';
import { COMMANDS } from './commands.ts';

it.each([...COMMANDS])('the help of %s explains every option that it lists', (_name, { takes, more = '' }) => {
  const listed = [...takes.matchAll(/--[a-z][a-z-]*/g)].map(([option]) => option).filter((option) => option !== '--json');
  const explained = new Set([...more.matchAll(/^--[a-z][a-z-]*/gm)].map(([option]) => option));
  expect(listed.filter((option) => !explained.has(option))).toEqual([]);
});
