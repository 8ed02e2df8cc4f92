/** PostgreSQL and PgBouncer refuse to run as root: a test that is root starts them as another user. */
import { chownSync } from 'node:fs';
import { execFileSync } from 'node:child_process';

/** The first of these that exists is used. */
const USERS = ['postgres', 'nobody'];

interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Returns the user of the servers; undefined if this process is not root and they run as its own user. */
function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of USERS) {
    try {
      return { uid: idOf('-u', name), gid: idOf('-g', name) };
    } catch {
      // The next one.
    }
  }
  throw new Error(`this is root, and none of these users exists: ${USERS.join(', ')}`);
}

/** Returns the command that runs a program as that user, without a process in between. */
export function asServerUser(program: string, args: readonly string[]): { program: string; args: readonly string[] } {
  const user = serverUser();
  if (user === undefined) return { program, args };
  return { program: 'setpriv', args: [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', program, ...args] };
}

/** Gives a file or a folder to that user. */
export function giveToServerUser(path: string): void {
  const user = serverUser();
  if (user !== undefined) chownSync(path, user.uid, user.gid);
}

function idOf(option: '-u' | '-g', name: string): number {
  return Number(execFileSync('id', [option, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}
