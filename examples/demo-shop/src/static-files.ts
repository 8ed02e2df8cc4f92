/** The files of `public/`: style, script and pictures, read once. */
import { readdirSync, readFileSync } from 'node:fs';

import type { Routes } from './http.ts';

const FOLDER = new URL('../public/', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

export const staticFiles: Routes = Object.fromEntries(
  readdirSync(FOLDER).map((name) => {
    const body = readFileSync(new URL(name, FOLDER), 'utf8');
    const headers = { 'content-type': TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream' };
    return [`/${name}`, { GET: () => ({ status: 200, headers, body }) }];
  }),
);
