import { existsSync } from 'node:fs';

/**
 * Returns a program of Debian; undefined after a notice that names the tests and the reason.
 *
 * @param path Where Debian's package installs it, unless the environment variable names another one.
 * @throws Error if it is missing and CI=true.
 */
export function findProgram(path: string, variable: string, forTests: string): string | undefined {
  const program = process.env[variable] || path;
  if (existsSync(program)) return program;
  const line = `MISSING: cannot run ${forTests}: there is no ${program}`;
  if (process.env['CI'] === 'true') throw new Error(line);
  process.stderr.write(`\n*** ${line}\n*** SKIPPED. Install it, or set ${variable}.\n\n`);
  return undefined;
}
