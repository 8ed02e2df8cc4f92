/** The gateway as a library: start one in process, for tests and for demos. */
export { openBase, startGateway, type Base, type Gateway, type GatewayParts } from './app.ts';
export type { ChainConfig, Config, LogLevel } from './config/config.ts';
export { readConfig } from './config/read-config.ts';
export { ConfigError } from './config/settings.ts';
export { createAccount, type CreatedAccount, type NewAccount } from './services/create-account.ts';
export { createPos, type CreatedPos, type NewPos } from './services/create-pos.ts';
export { parseCurrency, type CurrencyCode } from './orders/currency.ts';
