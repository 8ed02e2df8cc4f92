/** How many outputs to one destination are looked at: more than anybody sends. */
export const MAX_PAYOUTS = 500;
