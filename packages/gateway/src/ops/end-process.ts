/**
 * Ends the process if something keeps it alive after its work: a part that failed to stop may hold a socket or a timer. Otherwise the
 * process ends by itself, with the same status.
 *
 * @param afterMs How long pending writes may take, in milliseconds.
 */
export function endProcess(afterMs = 2_000): void {
  setTimeout(() => process.exit(), afterMs).unref();
}
