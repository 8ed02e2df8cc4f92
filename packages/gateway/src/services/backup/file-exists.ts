import { lstat } from 'node:fs/promises';
import { errorCode } from '../../kernel/error-message.ts';

/** Whether something exists at a path: a file, a folder or a link. A path that cannot be examined counts as existing. */
export async function fileExists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => errorCode(error) !== 'ENOENT',
  );
}
