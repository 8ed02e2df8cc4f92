/**
 * Works on some items at the same time and yields what comes of them in their order, so that the next is on its way while the
 * first is used. No more than `atOnce` are under way or waiting to be used.
 *
 * @throws what `work` throws for the first item that fails; those behind it are left to end by themselves.
 */
export async function* prefetch<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const underWay: Promise<Result>[] = [];
  let next = 0;
  for (;;) {
    for (; underWay.length < atOnce && next < items.length; next += 1) {
      const result = work(items[next] as Item);
      // Nobody may be there to hear of it when one before it has failed.
      result.catch(() => undefined);
      underWay.push(result);
    }
    const first = underWay.shift();
    if (first === undefined) return;
    yield await first;
  }
}
