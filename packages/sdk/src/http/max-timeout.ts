/** The maximum delay of `setTimeout` in milliseconds; beyond it, the timer fires at once. */
export const MAX_TIMEOUT_MS = 2_147_483_647;
