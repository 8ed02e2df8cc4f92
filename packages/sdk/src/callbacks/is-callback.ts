import type { CallbackBody } from '../wire/index.ts';

/** Returns whether a value has the fields that every callback needs. */
export function isCallback(value: unknown): value is Omit<CallbackBody, 'event'> & { event: string } {
  const body = Object(value) as Partial<CallbackBody>;
  // `?? 0`, because the type of null is 'object' too.
  return (
    typeof body.event === 'string' &&
    typeof body.created_at === 'string' &&
    typeof body.object?.uuid === 'string' &&
    typeof (body.object.state ?? 0) === 'object' &&
    body.object_type === 'payment_order'
  );
}
