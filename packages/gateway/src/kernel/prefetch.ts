/**
 * Works on several items concurrently and yields the results in the order of the items, so the next results are already on their way
 * while the caller uses one.
 *
 * @param concurrency How many results may be in progress or unread at a time.
 * @throws what `work` throws for the first item that fails. Work on later items that has begun is not cancelled.
 */
export async function* prefetch<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const started: Promise<Result>[] = [];
  let next = 0;
  for (;;) {
    for (; started.length < concurrency && next < items.length; next += 1) {
      const result = work(items[next] as Item);
      // Nothing awaits this result if an earlier one fails; its rejection must not go unhandled.
      result.catch(() => undefined);
      started.push(result);
    }
    const first = started.shift();
    if (first === undefined) return;
    yield await first;
  }
}
