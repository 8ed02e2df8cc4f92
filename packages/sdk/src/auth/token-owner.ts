import type { Logger } from '../options/logger.ts';

/** Whose token is kept, and who hears of it when that fails. */
export interface TokenOwner {
  /** A token issued by a gateway of the other mode is not valid for this owner. */
  mode?: 'live' | 'sandbox' | undefined;
  baseUrl: string;
  clientId: string;
  secret: string;
  logger?: Logger | undefined;
}
