/** The programs that are bundled for a run. */
export const PROGRAM_SOURCES: Readonly<Record<string, URL>> = {
  main: new URL('../../src/main.ts', import.meta.url),
  'shifted-clock': new URL('shifted-clock.ts', import.meta.url),
};
