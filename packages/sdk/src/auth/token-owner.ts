import type { Logger } from '../options/logger.ts';

/** The owner of a token, and the logger for failures to store it. */
export interface TokenOwner {
  /** A token issued by a gateway of the other mode is not valid for this owner. */
  mode?: 'live' | 'sandbox' | undefined;
  baseUrl: string;
  clientId: string;
  secret: string;
  logger?: Logger | undefined;
}
