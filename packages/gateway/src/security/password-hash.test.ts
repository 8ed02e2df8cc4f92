import { describe, expect, it } from 'vitest';
import { hashPassword, isPassword, NO_PASSWORD } from './password-hash.ts';

describe('a password hash', () => {
  it('is salted, names its parameters, and fits its password however it is composed', async () => {
    const [first, second] = [await hashPassword('a café by the sea'), await hashPassword('a café by the sea')];
    expect(first).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
    expect(second).not.toBe(first);
    expect(await isPassword('a cafe\u0301 by the sea', first)).toBe(true);
    expect(await isPassword('a cafe by the sea', first)).toBe(false);
    expect(await isPassword('', NO_PASSWORD)).toBe(false);
  });

  it.each(['', '$scrypt$ln=30,r=8,p=1$', NO_PASSWORD.replace('ln=15', 'ln=18'), NO_PASSWORD.replace('p=3', 'p=99')])(
    'with parameters that exhaust the memory is refused: %s',
    async (hash) => {
      await expect(isPassword('x', hash)).rejects.toThrow('password hash: expected scrypt');
    },
  );
});
