/**
 * Output that nobody reads any more, such as a pipe to `head`. What is written to it is lost, which is no fault: the command finishes its
 * work, and then ends as if by the signal that other programs get.
 */
import { constants } from 'node:os';

/** The status that shells give a program that wrote to a closed pipe. */
export const CLOSED_OUTPUT_STATUS: number = 128 + constants.signals.SIGPIPE;

/** Resolves when a write fails because nobody reads. @throws whatever else the stream reports. */
export function outputClosed(streams: readonly Pick<NodeJS.WriteStream, 'on'>[]): Promise<void> {
  return new Promise((resolve) => {
    for (const stream of streams)
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error;
        resolve();
      });
  });
}
