/** The longest that `setTimeout` can wait; beyond it, it fires at once. */
export const MAX_TIMEOUT_MS = 2_147_483_647;
