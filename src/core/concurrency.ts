import PQueue from 'p-queue';

/**
 * Maps with at most `limit` calls under way, results in the order of the items. The first failure stops what has
 * not begun; what has begun is awaited, so that nothing goes on behind the caller's back; then it is thrown.
 */
export async function mapLimit<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const queue = new PQueue({ concurrency: limit });
  const results = new Array<R>(items.length);
  const failures: unknown[] = [];
  items.forEach((item, index) => {
    void queue.add(async () => {
      try {
        results[index] = await work(item, index);
      } catch (error) {
        failures.push(error);
        queue.clear();
      }
    });
  });
  await queue.onIdle();
  if (failures.length > 0) throw failures[0];
  return results;
}
