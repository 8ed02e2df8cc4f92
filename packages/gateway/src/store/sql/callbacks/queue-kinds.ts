/** Whether an event was ever tried: what is new does not wait behind what is tried again. */
export type Kind = 'fresh' | 'retries';

/** How `attempts` compares with none. Written out in the statements, so that the index of each kind is used. */
export const TRIED: Readonly<Record<Kind, '=' | '>'>> = { fresh: '=', retries: '>' };
