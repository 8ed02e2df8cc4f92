import { expect, test } from 'vitest';
import { Emitter } from './emitter.ts';
import { Late } from './late.ts';

test('a late value can be read only after it is set, and is set only once', () => {
  const url = new Late<string>('the URL');
  expect(() => url.value).toThrow('the URL was read before it was set');
  url.set('http://127.0.0.1');
  expect(url.value).toBe('http://127.0.0.1');
  expect(() => url.set('http://127.0.0.2')).toThrow('the URL was set twice');
});

test('an emitter calls its listeners in the order in which they were added', () => {
  const heard: string[] = [];
  const changed = new Emitter<number>();
  changed.emit(1);
  changed.on((id) => void heard.push(`first ${id}`));
  changed.on((id) => void heard.push(`second ${id}`));
  changed.emit(2);
  expect(heard).toEqual(['first 2', 'second 2']);
});
