/**
 * A child process that cannot outlive this one, even if this one is killed with SIGKILL: a shell holds one end of a pipe, and
 * kills the child when the pipe breaks.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export interface TiedProcess {
  hasExited(): boolean;
  /** The last two thousand characters of its output. */
  lastOutput(): string;
  /** Waits for its end, and kills it after the given time. */
  end(waitMs: number): Promise<void>;
}

// $1 is the program. A background process has no standard input of its own in a shell, so the pipe is descriptor 3.
const SHELL = `
exec 3<&0
"$@" < /dev/null 3<&- 2>&1 &
child=$!
{ cat <&3 > /dev/null 2>&1; kill -KILL "$child" 2> /dev/null; } &
guard=$!
wait "$child"
status=$?
kill "$guard" 2> /dev/null
exit "$status"`;

/** Starts a program that ends with this process at the latest. */
export function startTiedProcess(program: string, args: readonly string[]): TiedProcess {
  const shell = spawn('/bin/sh', ['-c', SHELL, 'tied-process', program, ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  let output = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-2000)));
  shell.stdin.on('error', () => undefined); // the pipe breaks if the child ends first
  shell.on('error', (error) => (output += String(error)));
  const exited = once(shell, 'exit').catch(() => undefined);
  const hasExited = (): boolean => shell.exitCode !== null || shell.signalCode !== null || shell.pid === undefined;
  return {
    hasExited,
    lastOutput: () => output.trim(),
    async end(waitMs) {
      const waiting = new AbortController();
      if (!hasExited()) await Promise.race([exited, sleep(waitMs, undefined, { signal: waiting.signal }).catch(() => undefined)]);
      waiting.abort();
      shell.stdin.end();
      if (!hasExited()) await exited;
    },
  };
}
