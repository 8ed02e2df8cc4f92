/** The maximum size of a body that is read, in bytes: 1 MiB, ten times a full page of orders. */
export const MAX_ANSWER_BYTES = 1_048_576;
