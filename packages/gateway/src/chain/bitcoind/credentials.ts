/**
 * Who we are to the node: user and password that stay, or a cookie that the node writes anew at every start. The cookie
 * is kept until the node refuses it, and then read again.
 */
import { readFile } from 'node:fs/promises';
import { SourceUnavailableError } from '../source.ts';

export interface Credentials {
  /** The Authorization header, or undefined where we have no credentials. @throws SourceUnavailableError without a cookie. */
  header(): Promise<string | undefined>;
  /** After a refusal of `refused`: a header worth another try, or undefined. @throws as above. */
  renewed(refused: string | undefined): Promise<string | undefined>;
  /** What to look at when the node refuses us; holds no secret. */
  readonly advice: string;
}

/** Credentials from `user:password` where given, else from a cookie file, else none. */
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
    advice: `is ${cookieFile} the cookie of this very node?`,
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
    const hint = code === 'ENOENT' ? 'it exists only while the node runs' : 'may this user read it?';
    throw new SourceUnavailableError(`bitcoind: cookie file ${path}: ${code}; ${hint}`);
  }
  if (!text.includes(':')) throw new SourceUnavailableError(`bitcoind: cookie file ${path}: expected user:password in it`);
  return basic(text.trim());
}

function basic(userPassword: string): string {
  return `Basic ${Buffer.from(userPassword, 'utf8').toString('base64')}`;
}
