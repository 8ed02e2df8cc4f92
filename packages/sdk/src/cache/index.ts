/** Shares the tokens of clients through a store that an application already has, among processes too. */
export { type Logger, sharedTokens, type TokenCache } from './shared-tokens.ts';
