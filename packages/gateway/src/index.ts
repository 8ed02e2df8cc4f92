/** The gateway as a library: start one in process, for tests and for demos. */
export type { Gateway, GatewayParts } from './app/gateway.ts';
export { openBase, type Base } from './app/open-base.ts';
export { startGateway } from './app/start-gateway.ts';
export type { ChainConfig, Config, LogLevel } from './config/config.ts';
export { readConfig } from './config/read-config.ts';
export { ConfigError } from './config/settings.ts';
export { createAccount, type CreatedAccount, type NewAccount } from './services/merchants/create-account.ts';
export { createPos, type CreatedPos, type NewPos } from './services/merchants/create-pos.ts';
export type { HomeLink } from './web/home/home-routes.ts';
export { parseCurrency, type CurrencyCode } from './orders/currency.ts';
