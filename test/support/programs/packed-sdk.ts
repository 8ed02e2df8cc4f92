import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packSdk } from '../pack-sdk.ts';
import { oncePerRun } from './once-per-run.ts';

/** Packs the client library once per run, because that takes five seconds of the processor. @returns the path of the tarball. */
export async function packedSdk(): Promise<string> {
  const folder = await oncePerRun('sdk', async (draft) => {
    await mkdir(draft);
    await packSdk(draft);
  });
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`expected the packed client library in ${folder}`);
  return join(folder, tarball);
}
