import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { deriveKeys, loadKeyFile } from './key-file.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'webpos.key');
});

const secret = 'c0ffee'.repeat(10) + 'abcd';
const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;
const put = async (text: string, mode = 0o600): Promise<void> => {
  await writeFile(path, text);
  await chmod(path, mode);
};

describe('the key file', () => {
  it.each([0o000, 0o022, 0o277])(
    'is created on the first start for its owner alone, whatever the umask (%i), without other files',
    async (mask) => {
      const umask = process.umask(mask);
      try {
        await loadKeyFile(path);
      } finally {
        process.umask(umask);
      }
      expect(await modeOf(path)).toBe(0o600);
      expect(await readFile(path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
      expect(await readdir(folder)).toEqual(['webpos.key']);
    },
  );

  it('gives the same keys at every start, and other files give other keys', async () => {
    const keys = await loadKeyFile(path);
    expect(await loadKeyFile(path)).toEqual(keys);
    expect(await loadKeyFile(join(folder, 'other.key'))).not.toEqual(keys);
  });

  it('is one file for concurrent starts', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => loadKeyFile(path)));
    expect(new Set(all.map(({ seal }) => Buffer.from(seal).toString('hex'))).size).toBe(1);
    expect(await readdir(folder)).toEqual(['webpos.key']);
  });

  it.each([secret, `${secret}\n`, `${secret}\r\n`])('is read as written: %j', async (text) => {
    await put(text);
    expect(await loadKeyFile(path)).toEqual(deriveKeys(Buffer.from(secret, 'hex')));
  });

  it.each([
    ['nothing', ''],
    ['too little', secret.slice(2)],
    ['too much', `${secret}00`],
    ['upper case', secret.toUpperCase()],
    ['no hex', `g${secret.slice(1)}`],
    ['two lines', `${secret}\n${secret}\n`],
    ['another kind of key', '-----BEGIN PRIVATE KEY-----\n'],
  ])('that contains %s is refused, left unchanged, and not repeated in the message', async (_, text) => {
    await put(text);
    const error: unknown = await loadKeyFile(path).catch((reason: unknown) => reason);
    expect(error).toHaveProperty('message', `KEY_FILE ${path}: expected 64 hex digits, got something else`);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it.each([0o640, 0o604, 0o660, 0o644, 0o601, 0o777])('that others may use is refused (mode %i)', async (mode) => {
    await put(secret, mode);
    const message = `KEY_FILE ${path}: expected mode 0600, got 0${mode.toString(8)}; run: chmod 600 ${path}`;
    await expect(loadKeyFile(path)).rejects.toThrow(message);
  });

  it.each([0o600, 0o400])('that only its owner may read is accepted (mode %i)', async (mode) => {
    await put(secret, mode);
    expect(await loadKeyFile(path)).toEqual(deriveKeys(Buffer.from(secret, 'hex')));
  });

  it('cannot be created in a missing folder', async () => {
    await expect(loadKeyFile(join(folder, 'missing', 'webpos.key'))).rejects.toHaveProperty('code', 'ENOENT');
  });
});

describe('the keys of a gateway', () => {
  const keys = deriveKeys(Buffer.from(secret, 'hex'));

  it('have 32 bytes each and nothing in common', () => {
    const all = [keys.seal, keys.accessToken, keys.idToken].map((key) => Buffer.from(key).toString('hex'));
    expect(new Set(all).size).toBe(3);
    for (const key of all) expect(key).toMatch(/^[0-9a-f]{64}$/);
  });

  // By HKDF (RFC 5869) with HMAC-SHA256, without salt. Secrets sealed with them must stay readable forever.
  it('are the same in every version', () => {
    const hex = (key: Uint8Array): string => Buffer.from(key).toString('hex');
    expect(hex(keys.seal)).toBe('778d916b81540af7fc2aeb91bf74ee9e6b206ee08efd868866d8f77f2e9130e1');
    expect(hex(keys.accessToken)).toBe('68ac677fce7e85a7b836a7797f7cc525a5a077135b8cbbd5c5b4ba7fc5761032');
    expect(hex(keys.idToken)).toBe('924eade78f677b76348822b332791e39d751ab94ba2583c9e2f4de3ffd5c20f7');
  });
});
