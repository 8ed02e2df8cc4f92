// Every segment of the API's paths that is no id.
const WORDS = ['payment-order', 'callbacks', 'events', 'test', 'reset', 'token'];
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * A path without anything that tells one order, shop or secret from another: `/payment-order/{uuid}/callbacks`. What is not known to
 * be a word of the API is replaced as well, since a caller may request any path.
 */
export function pathTemplate(path: string): string {
  return path.replace(/[^/]+/g, (segment) => {
    if (WORDS.includes(segment)) return segment;
    return UUID.test(segment) ? '{uuid}' : '{other}';
  });
}
