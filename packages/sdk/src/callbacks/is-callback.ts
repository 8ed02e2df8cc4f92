import type { CallbackBody } from '../wire/index.ts';

/** Whether a value has that without which nobody could tell what a callback is about. */
export function isCallback(value: unknown): value is Omit<CallbackBody, 'event'> & { event: string } {
  const body = Object(value) as Partial<CallbackBody>;
  // Null is an object too.
  return (
    typeof body.event === 'string' &&
    typeof body.created_at === 'string' &&
    typeof body.object?.uuid === 'string' &&
    typeof (body.object.state ?? 0) === 'object' &&
    body.object_type === 'payment_order'
  );
}
