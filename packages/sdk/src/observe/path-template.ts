// All segments of the API's paths that are not ids.
const WORDS = ['payment-order', 'callbacks', 'events', 'test', 'reset', 'token'];
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Replaces whatever distinguishes orders, shops or secrets in a path: `/payment-order/{uuid}/callbacks`. Unknown segments are
 * replaced too, because a caller may request any path.
 */
export function pathTemplate(path: string): string {
  return path.replace(/[^/]+/g, (segment) => {
    if (WORDS.includes(segment)) return segment;
    return UUID.test(segment) ? '{uuid}' : '{other}';
  });
}
