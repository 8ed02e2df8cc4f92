/** One `webpos serve` of the harness: it keeps its port, its marks file and its lines, however often it is killed and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Line, LineState } from './line.ts';
import { Reigns } from './reigns.ts';

/** Enough for the errors of a round. */
const KEPT_LOG = 400_000;
const START_MS = 60_000;
const RESTART_MS = 300;

export interface GatewayOptions {
  /** Names the process: `gw0`. */
  readonly name: string;
  /** The bundled `main.js` and `shifted-clock.js`. */
  readonly programs: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** How it reaches PostgreSQL and the node. */
  readonly lines: { readonly database: readonly Line[]; readonly node: readonly Line[] };
}

export class GatewayProcess {
  readonly name: string;
  readonly url: string;
  readonly #options: GatewayOptions;
  #child: ChildProcess | undefined;
  #guard: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  #isPaused = false;
  /** Another fault may kill a process that is stopping. */
  #isKilled = false;
  #starting: Promise<void> | undefined;
  #shiftMs = 0;
  #log = '';
  /** Each unexpected end. */
  readonly faults: string[] = [];
  readonly reigns: Reigns;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.name = options.name;
    this.reigns = new Reigns(options.name);
    this.url = `http://127.0.0.1:${options.port}`;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Its standard error, or the last part of it. */
  log(): string {
    return this.#log;
  }

  /** Starts it as a supervisor does, again and again until it serves. @throws Error with its log if it does not in a minute. */
  start(): Promise<void> {
    this.#starting ??= this.#startUntilServing().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  async #startUntilServing(): Promise<void> {
    for (const deadline = performance.now() + START_MS; !this.isRunning;) {
      if (await this.#startOnce(deadline - performance.now())) return;
      if (performance.now() > deadline) throw new Error(`${this.name} does not serve: ${this.#log.slice(-3_000)}`);
      await sleep(RESTART_MS);
    }
  }

  /** Returns whether it serves. */
  async #startOnce(patienceMs: number): Promise<boolean> {
    const { programs, environment, port } = this.#options;
    const words = ['--import', join(programs, 'shifted-clock.js'), join(programs, 'main.js'), 'serve', '--json'];
    const child = spawn(process.execPath, words, {
      env: {
        PATH: process.env['PATH'],
        ...environment,
        WEBPOS_PORT: String(port),
        CLOCK_SHIFT_MS: String(this.#shiftMs),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    this.#isPaused = false;
    this.#isKilled = false;
    child.on('error', () => undefined);
    this.#note(`--- ${this.name} started as process ${child.pid} at ${new Date().toISOString()}\n`);
    if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', (line) => this.#noteLine(line));
    this.#ended = once(child, 'close').then(([code]) => {
      this.#guard?.kill('SIGKILL');
      this.reigns.end();
      this.#note(`--- ${this.name} ended with ${String(code ?? child.signalCode)} at ${new Date().toISOString()}\n`);
    });
    this.#guard = guardOf(child.pid ?? 0);
    const waiting = new AbortController();
    const served = await Promise.race([
      child.stdout === null ? undefined : once(child.stdout, 'data').then(() => true),
      this.#ended.then(() => false),
      sleep(Math.max(0, patienceMs), false, { signal: waiting.signal }).catch(() => false),
    ]);
    waiting.abort();
    return served === true;
  }

  async kill(): Promise<void> {
    this.#isKilled = true;
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  /** Asks it to stop, and waits until it has. @returns How long that took, in milliseconds. */
  async stop(): Promise<number> {
    // Another fault may just have started it again. While Node loads the program, it has no handler for SIGTERM, and the signal ends it.
    await this.#starting?.catch(() => undefined);
    const begun = performance.now();
    this.resume();
    this.#child?.kill('SIGTERM');
    const waiting = new AbortController();
    const late = await Promise.race([
      this.#ended.then(() => false),
      sleep(START_MS, true, { signal: waiting.signal }).catch(() => false),
    ]);
    waiting.abort();
    if (late) {
      this.faults.push(`${this.name} did not stop within ${START_MS} ms of SIGTERM`);
      await this.kill();
    } else if (
      this.#child !== undefined &&
      this.#child.exitCode !== 0 &&
      !(this.#isKilled && this.#child.signalCode === 'SIGKILL')
    ) {
      this.faults.push(`${this.name} ended with ${String(this.#child.exitCode ?? this.#child.signalCode)} after SIGTERM`);
    }
    return performance.now() - begun;
  }

  pause(): void {
    if (!this.isRunning) return;
    this.#child?.kill('SIGSTOP');
    this.#isPaused = true;
    // What it believes counts again once it has had the time to look at its clock.
    this.reigns.suspend();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#child?.kill('SIGCONT');
    this.#isPaused = false;
    this.reigns.resume();
  }

  /** Shifts its wall clock, now and at later starts. */
  shiftClock(shiftMs: number): void {
    this.#shiftMs = shiftMs;
    if (this.isRunning) this.#child?.send({ shiftMs }, () => undefined);
  }

  setLines(to: 'database' | 'node' | 'both', state: LineState): void {
    const { database, node } = this.#options.lines;
    for (const line of [...(to === 'node' ? [] : database), ...(to === 'database' ? [] : node)]) line.set(state);
  }

  #noteLine(line: string): void {
    this.#note(`${line}\n`);
    this.reigns.read(line);
  }

  #note(text: string): void {
    this.#log = (this.#log + text).slice(-KEPT_LOG);
  }
}

/** Kills the process when this one ends, however that happens. A process that is stopped does not notice it by itself. */
function guardOf(pid: number): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', 'cat > /dev/null; kill -KILL "$1" 2> /dev/null', 'guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  return guard;
}
