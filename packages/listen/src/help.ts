/** What may follow the name of the command. */
export const LISTEN_TAKES = `--forward-to URL [--events E,...] [--trigger EVENT [--amount 10.00]]
             [--url URL] [--client-id ID] [--secret-stdin] [--mode sandbox|live]
             [--after CURSOR | --from-start | --position FILE] [--json]`;

export const LISTEN_DOES = 'forward the events of a point of sale to a URL of your machine, signed as callbacks are';

export const LISTEN_MORE = `--forward-to URL    where the events go, such as http://localhost:3000/callback
--events E,...      forward these events alone, such as payment.completed,payment.expired; all of them unless told otherwise
--trigger EVENT     create a sandbox order and drive it until it has had this event, such as payment.completed
--amount 10.00      the amount of that order, in the currency of the point of sale
--url URL           the gateway; or WEBPOS_URL
--client-id ID      the client id of the point of sale; or WEBPOS_CLIENT_ID
--secret-stdin      read its secret from the standard input; without it, from WEBPOS_SECRET
--mode MODE         sandbox or live, as the gateway runs; or WEBPOS_MODE; sandbox unless told otherwise
--after CURSOR      begin after this event; without it, with what happens from now on
--from-start        begin with the first event that there ever was
--position FILE     keep the position in this file, and begin there the next time

Each event is a line with its status and time. It is signed with the secret of the point of sale: give your shop the same one. A receiver
that is down is waited for. Nothing is marked as delivered: the gateway goes on sending its own callbacks.`;
