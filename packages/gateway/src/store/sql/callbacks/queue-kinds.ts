/** Whether a callback has been attempted before. Fresh ones do not wait behind retries. */
export type Kind = 'fresh' | 'retries';

/** How the `attempts` of each kind compare with 0. Statements contain it literally, so that the partial index of the kind is used. */
export const ATTEMPTS_COMPARE: Readonly<Record<Kind, '=' | '>'>> = { fresh: '=', retries: '>' };
