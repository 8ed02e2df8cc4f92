/** The gateway as a library: start one in process, for tests and for demos. */
export type { Activity } from './app/activity.ts';
export type { Gateway, GatewayParts } from './app/gateway.ts';
export { openBase, type Base } from './app/open-base.ts';
export { startGateway } from './app/start-gateway.ts';
export type { ChainConfig, Config, LogLevel } from './config/config.ts';
export { readConfig } from './config/read-config.ts';
export { ConfigError } from './config/settings.ts';
export { stopRequested } from './ops/process-signals.ts';
export { changePos } from './services/merchants/change-pos.ts';
export { openSecret } from './services/merchants/pos-secret.ts';
export { issueCode as issuePanelCode } from './services/people/panel-access.ts';
export type { Pos } from './merchants/pos.ts';
export { createAccount, type CreatedAccount, type NewAccount } from './services/merchants/create-account.ts';
export { createPos, type CreatedPos, type NewPos } from './services/merchants/create-pos.ts';
export type { HomeLink } from './web/home/home-routes.ts';
export { parseCurrency, type CurrencyCode } from './orders/currency.ts';
