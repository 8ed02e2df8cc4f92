/** The longest body that is read, in bytes: 1 MiB. A full page of orders is a tenth of that. */
export const MAX_ANSWER_BYTES = 1_048_576;
