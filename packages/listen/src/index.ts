/**
 * The command `webpos listen`: follows the event feed of a gateway and forwards its events to a URL on the user's machine, signed as the
 * gateway signs its callbacks. The program `webpos-listen` and the gateway's command line both run it.
 */
export { listen, type ListenWorld } from './listen.ts';
export { readStdin } from './read-stdin.ts';
export { UsageError } from './usage-error.ts';
