/**
 * Ends the process when something still keeps it after its work is done: a part that failed to stop may hold a socket or a timer.
 * A process that nothing keeps ends by itself, with the same status.
 *
 * @param afterMs How long what is still being written may take, in milliseconds.
 */
export function endProcess(afterMs = 2_000): void {
  setTimeout(() => process.exit(), afterMs).unref();
}
