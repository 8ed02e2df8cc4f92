/** A pseudo-terminal with a shell in it, into which a test types, as a person does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

export interface Terminal extends AsyncDisposable {
  /** Types a line and presses Enter. */
  type(line: string): void;
  pressControlC(): void;
  /** What it shows, without colours. */
  shown(): string;
  /** The same with the sequences that colour it. */
  coloured(): string;
  /** Whether it has shown colours. */
  hasColours(): boolean;
  /** Waits until the text is shown, and returns all that is shown by then. */
  waitFor(text: string | RegExp): Promise<string>;
}

const WAIT_MS = 90_000;
/** Bash's own, without a configuration. */
const PROMPT = /bash-[\d.]+[#$] $/;
/** What a spinner has written on a line, up to where it begins to write over it. */
const OVERWRITTEN = new RegExp(String.raw`[^\n]*\u001b\[1?G(?:\u001b\[0?K)?`, 'g');
const COLOUR = new RegExp(String.raw`\u001b\[(?:1|2|3\d)m`);

/** Opens a terminal. Needs `script` of util-linux, which gives a command a pseudo-terminal. */
export async function openTerminal(cwd: string, environment: Readonly<Record<string, string>>): Promise<Terminal> {
  const child = spawn('script', ['--quiet', '--flush', '--command', 'exec bash --norc --noprofile -i', '/dev/null'], {
    cwd,
    // A person's terminal, even where the tests run without colours, as in CI.
    env: { ...process.env, NO_COLOR: undefined, CI: undefined, TERM: 'xterm-256color', HISTFILE: '/dev/null', ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    output += part;
    for (const look of waiting) look();
  });
  const shown = (): string => stripVTControlCharacters(output.replace(OVERWRITTEN, '')).replaceAll('\r\n', '\n');
  const terminal: Terminal = {
    type: (line) => void child.stdin.write(`${line}\n`),
    pressControlC: () => void child.stdin.write('\u0003'),
    shown,
    coloured: () => output.replaceAll('\r\n', '\n'),
    hasColours: () => COLOUR.test(output),
    waitFor: (wanted) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`the terminal: expected ${String(wanted)} within ${WAIT_MS} ms, got: ${shown()}`));
        }, WAIT_MS);
        const look = (): void => {
          const text = shown();
          if (typeof wanted === 'string' ? !text.includes(wanted) : !wanted.test(text)) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(text);
        };
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.signalCode === null) {
        child.stdin.write('\u0003\nexit\n');
        child.stdin.end();
        await ended;
      }
    },
  };
  try {
    await terminal.waitFor(PROMPT);
  } catch (error) {
    child.kill();
    throw error;
  }
  return terminal;
}
