import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves of the space together. */
const MAX_BYTES = 16 * 2 ** 20;
/** V8's own. */
const GROWTH_FACTOR = 2;

/**
 * Lets V8's space of new objects grow to half of the 32 MB to which it grows by itself: memory, and collections of this space stop the
 * thread for as long as it takes to move what is alive in it.
 *
 * V8 reads the largest size only when it starts, but by how much the space grows after each collection. It may also become smaller while
 * little happens, and then grows again. Call it when no more long work is done at once, during which the space could grow several times.
 */
export function limitNewSpace(): void {
  let growthFactor: number | undefined;
  const adjust = (): void => {
    const fitting = newSpaceBytes() * GROWTH_FACTOR <= MAX_BYTES ? GROWTH_FACTOR : 1;
    if (fitting === growthFactor) return;
    setFlagsFromString(`--semi-space-growth-factor=${fitting}`);
    growthFactor = fitting;
  };
  adjust();
  new PerformanceObserver(adjust).observe({ entryTypes: ['gc'] });
}

function newSpaceBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}
