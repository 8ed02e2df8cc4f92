/**
 * A `node:fs/promises` that fails at a chosen step, as if the process were killed: before a change, in the middle of writing a file, or
 * after a change. From then on it changes nothing, whatever a `finally` tries.
 *
 * @example vi.mock('node:fs/promises', async (original) => crashingFiles(await original()));
 */
import type * as Files from 'node:fs/promises';

class Killed extends Error {
  override readonly name = 'Killed';
}

/** The state of the simulation, shared with the mocked module, which is created before the test runs. */
export const crash: { at: number; steps: number; isDead: boolean } = { at: Infinity, steps: 0, isDead: false };

export function crashAt(step: number): void {
  Object.assign(crash, { at: step, steps: 0, isDead: false });
}

/**
 * Marks a point at which the process may be killed.
 *
 * @throws Killed at the chosen step and ever after.
 */
export function step(): void {
  if (crash.isDead) throw new Killed('the process is dead');
  crash.steps += 1;
  if (crash.steps !== crash.at) return;
  crash.isDead = true;
  throw new Killed(`killed at step ${crash.at}`);
}

export function crashingFiles(real: typeof Files): typeof Files {
  const changing = <A extends unknown[], R>(change: (...given: A) => Promise<R>) => {
    return async (...given: A): Promise<R> => {
      step();
      return change(...given);
    };
  };
  return {
    ...real,
    rm: changing(real.rm),
    rename: changing(real.rename),
    link: changing(real.link),
    chmod: changing(real.chmod),
    mkdir: changing(real.mkdir) as typeof real.mkdir,
    writeFile: async (path, data, options) => {
      step();
      const willDie = crash.steps + 1 === crash.at;
      await real.writeFile(path, willDie && typeof data === 'string' ? data.slice(0, data.length / 2) : data, options);
      step();
    },
    copyFile: async (from, to) => {
      step();
      if (crash.steps + 1 === crash.at) await real.writeFile(to, (await real.readFile(from)).subarray(0, 1_000));
      else await real.copyFile(from, to);
      step();
    },
    open: async (path, flags, mode) => {
      if (flags !== 'r' && flags !== undefined) step();
      return real.open(path, flags, mode);
    },
  };
}
