/** Waits for the disk, but not without end: requests that wait would fill the memory while the disk does not answer. */
import { StoreDownError } from '../../../store-down.ts';

/** @throws StoreDownError when the time is up; what `work` throws. */
export async function waitForDisk(work: Promise<void>, leftMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new StoreDownError('the disk takes too long')), Math.max(0, leftMs));
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
