import { basename } from 'node:path';
import { errorCode, errorMessage } from '../../kernel/error-message.ts';
import type { SealMarker } from '../../store/seal-marker.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import type { Finding } from './finding.ts';

/** Examines whether this machine remembers, outside the database, that rows are sealed. */
export async function examineSealMarker({
  store,
  sealMarker,
}: {
  readonly store: Pick<StoreReads, 'sealStart'>;
  readonly sealMarker: SealMarker;
}): Promise<readonly Finding[]> {
  const what = 'seal marker';
  if ((await sealMarker.read()) !== undefined || (await store.sealStart.get()) === undefined) return [];
  const missing = `${basename(sealMarker.path)} does not exist, so that only the database remembers that rows are sealed`;
  const reason = await sealMarker.checkWritable().then(
    () => undefined,
    (error: unknown) => errorCode(error) ?? errorMessage(error),
  );
  if (reason === undefined) return [{ what, level: 'warning', says: `${missing}: the next start creates it` }];
  return [
    {
      what,
      level: 'problem',
      says: `${missing}, and it cannot be created beside the marks file (${reason}); see docs/security.md`,
    },
  ];
}
