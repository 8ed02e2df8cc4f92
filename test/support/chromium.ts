/**
 * The browser for tests: `CHROMIUM`, or one of Debian's packages. Without one, tests are skipped with a notice; with CI=true they fail.
 */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'].concat(
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Other names do not resolve, and other addresses are refused: nothing leaves this machine.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]',
);

/** The same engine without windows comes first: it takes half of the processor time. */
const INSTALLED = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** Returns the path of a browser; undefined after a notice. @throws Error if no browser exists and CI=true. */
export function findChromium(forTests: string): string | undefined {
  const places = process.env['CHROMIUM'] ? [process.env['CHROMIUM']] : INSTALLED;
  const path = places.find((place) => existsSync(place));
  if (path !== undefined) return path;
  const line = `NO BROWSER: cannot run ${forTests}: none exists at ${places.join(' or ')}`;
  if (process.env['CI'] === 'true') throw new Error(line);
  process.stderr.write(`\n*** ${line}\n*** SKIPPED. Run apt-get install chromium-headless-shell, or name one in CHROMIUM.\n\n`);
  return undefined;
}

/** Launches a browser that only reaches this machine. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGUMENTS });
}
