/** Shares the tokens of clients among processes, through a Redis or any store that the application already has. */
export type { RedisAddress } from './open-redis.ts';
export type { IoRedisClient, NodeRedisClient, RedisClient } from './redis-client.ts';
export { type RedisOptions, redisStore, type RedisStore } from './redis-store.ts';
export type { Logger } from '../options/logger.ts';
export { sharedTokens, type TokenCache } from './shared-tokens.ts';
