/** Bounds V8's space of new objects, which grows from 2 to 32 MB by itself. Collecting it moves what is alive, and stops the thread meanwhile. */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves of the space together. */
const MAX_BYTES = 16 * 2 ** 20;
/** V8's own. */
const GROWTH_FACTOR = 2;

/**
 * Leaves the space as small as it is. A long export takes 25 MB less. What is alive at a collection becomes old sooner, so it is for
 * commands, and for a server only while it starts.
 */
export function keepNewSpaceSmall(): void {
  setGrowthFactor(1);
}

/**
 * Lets the space grow to 16 MB. V8 reads the largest size only when it starts, but the factor of its growth after each collection. V8
 * also shrinks the space while little is allocated, and it may grow again then.
 *
 * Call it after the start: in a long turn of the event loop the space could grow several times before this notices.
 */
export function limitNewSpace(): void {
  const adjust = (): void => setGrowthFactor(newSpaceBytes() * GROWTH_FACTOR <= MAX_BYTES ? GROWTH_FACTOR : 1);
  adjust();
  new PerformanceObserver(adjust).observe({ entryTypes: ['gc'] });
}

function setGrowthFactor(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}

function newSpaceBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}
