import { constants, setPriority } from 'node:os';

/** Lowers the priority of this process, as `nice -n 19` does. On Linux, the disk serves it after others too, if its scheduler knows priorities. */
export function lowerPriority(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {
    // Some systems forbid even that. Then the work is done as usual.
  }
}
