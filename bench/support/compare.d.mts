/** Returns the median of each contender's cost relative to the first one's, over rounds in which each has its turn. */
export function costRatios(
  contenders: Readonly<Record<string, (count: number) => number | Promise<number>>>,
  plan: { readonly rounds: number; readonly count: number; readonly warmUp: number },
): Promise<Record<string, number>>;

export function median(numbers: readonly number[]): number;
