const MAX_CHARACTERS = 300;

/** Reads the reason of a manual decision, as `webpos order settle` does; undefined if it is empty, too long or has several lines. */
export function readReason(text: string | undefined): string | undefined {
  const reason = text?.trim() ?? '';
  const isValid = reason !== '' && [...reason].length <= MAX_CHARACTERS && !/\p{Cc}|\p{Surrogate}/u.test(reason);
  return isValid ? reason : undefined;
}
