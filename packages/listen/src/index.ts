/**
 * The command `webpos listen`: follows the feed of a gateway and forwards its events to a URL of the user's machine, signed as the gateway
 * signs its callbacks. The program `webpos-listen` and the gateway's own command line run this.
 */
export { listen, type ListenWorld } from './listen.ts';
export { readStdin } from './read-stdin.ts';
export { UsageError } from './usage-error.ts';
