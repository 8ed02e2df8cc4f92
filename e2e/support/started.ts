/**
 * Runs the program of `npm start` in a folder of its own, as a process whose output is read from a pipe or a pseudo-terminal. It is
 * bundled unless a test asks for its sources, which take four times the processor time; `ten-minutes.test.ts` runs the command itself.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../test/support/free-ports.ts';
import { program } from '../../test/support/programs/program.ts';

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

export interface Started {
  readonly gatewayUrl: string;
  readonly shopUrl: string;
  /** Returns everything that was printed. */
  output(): string;
  /** Resolves when the text has been printed. */
  printed(text: string | RegExp): Promise<void>;
  /** Presses Ctrl+C, or sends its signal. @returns the exit status. */
  interrupt(): Promise<number | null>;
}

interface StartOptions {
  /** The folder of the database and the keys. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly inTerminal?: boolean;
  /** As `npm start` does. */
  readonly fromSource?: boolean;
}

const START_MS = 60_000;

/** Returns the arguments that run a script of this repository from source in any folder. */
export function fromSource(script: string): readonly string[] {
  return ['--conditions=webpos-source', '--import', import.meta.resolve('tsx'), join(ROOT, script)];
}

/** Starts on ports that were free a moment ago, and waits until it is ready. @throws Error with its output if it ends early. */
export async function start({ folder, environment = {}, inTerminal = false, ...options }: StartOptions): Promise<Started> {
  const [port, shopPort] = await freePorts(2);
  const words = options.fromSource ? fromSource('scripts/start.ts') : [await program('start')];
  const child = spawnStart(words, folder, { WEBPOS_PORT: String(port), SHOP_PORT: String(shopPort), ...environment }, inTerminal);
  const started = reader(child);
  await Promise.race([
    started.printed('Stop with Ctrl+C'),
    once(child, 'exit').then(() => {
      throw new Error(`npm start ended early: ${started.output()}`);
    }),
  ]);
  return {
    ...started,
    gatewayUrl: `http://127.0.0.1:${port}`,
    shopUrl: `http://127.0.0.1:${shopPort}`,
    interrupt: async () => {
      const ended = once(child, 'close');
      if (inTerminal) child.stdin?.write('\u0003');
      else child.kill('SIGINT');
      await ended;
      return child.exitCode;
    },
  };
}

/** Runs it until it ends by itself. */
export async function startAndEnd(
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | null; readonly output: string }> {
  const child = spawnStart([await program('start')], folder, environment, false);
  const { output } = reader(child);
  await once(child, 'close');
  return { status: child.exitCode, output: output() };
}

function spawnStart(
  words: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>>,
  inTerminal: boolean,
): ChildProcess {
  // A person's terminal, even where the tests run without colours, as in CI.
  const env = { ...process.env, NO_COLOR: undefined, CI: undefined, ...environment };
  if (!inTerminal) return spawn(process.execPath, words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  // `script` of util-linux gives the command a terminal, and ends with its status.
  const command = [process.execPath, ...words].map((word) => `'${word}'`).join(' ');
  return spawn('script', ['--quiet', '--flush', '--return', '--command', `exec ${command}`, '/dev/null'], {
    cwd: folder,
    env: { ...env, TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

function reader(child: ChildProcess): Pick<Started, 'output' | 'printed'> {
  let text = '';
  const waiting = new Set<() => void>();
  const collect = (part: string): void => {
    text += part;
    for (const look of waiting) look();
  };
  child.stdout?.setEncoding('utf8').on('data', collect);
  child.stderr?.setEncoding('utf8').on('data', collect);
  return {
    output: () => text,
    printed: (wanted) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`expected ${String(wanted)} within ${START_MS} ms, got: ${text}`));
        }, START_MS);
        const look = (): void => {
          if (typeof wanted === 'string' ? !text.includes(wanted) : !wanted.test(text)) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}
