/** Names of the limits of requests and connections, as used in metrics. */

/** The limits that requests are refused by. */
export const LIMIT_NAMES = ['client', 'failures', 'links', 'login', 'people', 'pages', 'tests'] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];

/** The shares of connections that can be full. */
export const CONNECTION_LIMITS = ['address', 'network', 'total'] as const;
export type ConnectionLimit = (typeof CONNECTION_LIMITS)[number];
