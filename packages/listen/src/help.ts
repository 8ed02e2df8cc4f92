/** The help of `webpos listen` and `webpos-listen`. It imports nothing else, so that `webpos` starts without the listener. */
import type { CommandHelp, OptionHelp } from './command-help.ts';

export {
  formatHelp,
  type ArgumentHelp,
  type CommandHelp,
  type FlagHelp,
  type OptionHelp,
  type OptionTable,
  type ValueHelp,
} from './command-help.ts';

export type ListenOption =
  | 'forward-to'
  | 'events'
  | 'trigger'
  | 'amount'
  | 'url'
  | 'client-id'
  | 'secret-stdin'
  | 'mode'
  | 'after'
  | 'from-start'
  | 'position';

export const LISTEN_HELP: CommandHelp & { readonly options: Readonly<Record<ListenOption, OptionHelp>> } = {
  name: 'listen',
  summary: 'Forward the events of a point of sale to a URL on your machine',
  usage: '--forward-to URL',
  options: {
    'forward-to': {
      value: 'URL',
      text: 'where the events are forwarded to',
      allowed: 'an http or https URL such as http://localhost:3000/callback',
    },
    events: {
      value: 'LIST',
      text: 'events to forward',
      allowed: 'event names with commas in between, such as payment.completed,payment.expired',
      default: 'all events',
      isRepeatable: true,
    },
    trigger: {
      value: 'EVENT',
      text: 'create an order in the sandbox and make this event happen to it',
      allowed: 'an event name such as payment.completed',
      default: 'no order is created',
    },
    amount: {
      value: 'AMOUNT',
      text: 'amount of the order that --trigger creates',
      allowed: 'a decimal number in the currency of the point of sale',
      default: '10.00',
    },
    url: { value: 'URL', text: 'URL of the gateway', allowed: 'an http or https URL', default: 'WEBPOS_URL' },
    'client-id': {
      value: 'ID',
      text: 'client id of the point of sale',
      allowed: 'as webpos pos list shows it',
      default: 'WEBPOS_CLIENT_ID',
    },
    'secret-stdin': { text: 'read the secret of the point of sale from standard input instead of WEBPOS_SECRET' },
    mode: {
      value: 'MODE',
      text: 'mode of the gateway',
      allowed: 'sandbox or live',
      default: 'WEBPOS_MODE, or else sandbox',
    },
    after: {
      value: 'CURSOR',
      text: 'start after this event of the feed',
      allowed: 'a cursor that an earlier run printed',
      default: 'only new events',
    },
    'from-start': { text: 'start with the first event of the point of sale' },
    position: {
      value: 'FILE',
      text: 'store the position in this file, and resume from it',
      allowed: 'a path; the file is created if it does not exist',
      default: 'the position is not stored',
    },
  },
  notes: [
    'Prints a line for each event, with the status of the response and the time that it took. While the gateway or the receiver is ' +
      'unavailable, it waits and then resumes. No callback is marked as delivered: the gateway still sends its own.',
    'Events are signed as callbacks are, with the secret of the point of sale. The secret is never taken from the command line, which ' +
      'other users of the machine can see.',
  ],
  example: '--forward-to http://localhost:3000/callback --trigger payment.completed',
};
