/** Parses the contact for buyers. The page links to it, so it must be an e-mail address, a telephone number or a URL. */
import { isEmailAddress, isTelephoneNumber, isWebPage } from './contact.ts';

const MAX_CHARACTERS = 120;

/** @throws RangeError if the text is something else. The message says what was expected. */
export function parseSupport(text: string): string {
  const { length } = [...text];
  if (length > MAX_CHARACTERS) throw new RangeError(`expected at most ${MAX_CHARACTERS} characters, got ${length}`);
  if (isEmailAddress(text) || isTelephoneNumber(text) || isWebPage(text)) return text;
  throw new RangeError(`expected an e-mail address, a telephone number or an https URL, got ${shown(text)}`);
}

/** Repeats a short plain text to show the mistake. Anything else may contain a password. */
function shown(text: string): string {
  return /^[\w .+-]{0,30}$/.test(text) ? JSON.stringify(text) : 'something else';
}
