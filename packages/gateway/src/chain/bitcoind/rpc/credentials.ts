/**
 * Credentials for the node: a fixed user and password, or a cookie that the node rewrites on every start. The cookie is cached
 * until the node refuses it, and then read again.
 */
import { readFile } from 'node:fs/promises';
import { SourceUnavailableError } from '../../source.ts';

export interface Credentials {
  /**
   * The Authorization header, or undefined without credentials. @throws SourceUnavailableError when the cookie cannot be read.
   */
  header(): Promise<string | undefined>;
  /** After `refused` was refused: a header worth another try, or undefined. @throws as above. */
  renewed(refused: string | undefined): Promise<string | undefined>;
  /** What to check when the node refuses the credentials; contains no secret. */
  readonly advice: string;
}

/** Credentials from `user:password` if given, otherwise from a cookie file, otherwise none. */
export function createCredentials(userPassword: string | undefined, cookieFile: string | undefined): Credentials {
  if (userPassword !== undefined) {
    const header = basic(userPassword);
    return {
      advice: 'are the user and the password in the URL right (rpcuser and rpcpassword, or rpcauth, of the node)?',
      header: () => Promise.resolve(header),
      renewed: () => Promise.resolve(undefined),
    };
  }
  if (cookieFile === undefined) {
    return {
      advice: 'none were given: name a cookie file, or put user and password into the URL',
      header: () => Promise.resolve(undefined),
      renewed: () => Promise.resolve(undefined),
    };
  }
  let known: string | undefined;
  return {
    advice: `is ${cookieFile} the cookie file of this node?`,
    header: async () => (known ??= await readCookie(cookieFile)),
    renewed: async (refused) => {
      known = await readCookie(cookieFile);
      return known === refused ? undefined : known;
    },
  };
}

async function readCookie(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    const hint = code === 'ENOENT' ? 'it exists only while the node runs' : 'is this user allowed to read it?';
    throw new SourceUnavailableError(`bitcoind: cookie file ${path}: ${code}; ${hint}`);
  }
  if (!text.includes(':')) throw new SourceUnavailableError(`bitcoind: cookie file ${path}: expected user:password in it`);
  return basic(text.trim());
}

function basic(userPassword: string): string {
  return `Basic ${Buffer.from(userPassword, 'utf8').toString('base64')}`;
}
