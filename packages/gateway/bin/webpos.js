#!/usr/bin/env node
import { existsSync } from 'node:fs';
import process from 'node:process';

// A package that was published is built; a clone may not be.
if (existsSync(new URL('../dist/main.js', import.meta.url))) {
  await import('../dist/main.js');
} else {
  process.stderr.write(
    'webpos: this clone is not built yet. Run it from source with "npm run --silent webpos -- COMMAND", or build it once with "npm run build"\n',
  );
  process.exitCode = 1;
}
