/** Whom the buyers of a shop ask. The page makes a link of it, so it is one of what can be one. */
import { readUrl } from '../kernel/read-url.ts';

const MAX_CHARACTERS = 120;
const E_MAIL = /^[^\s@:/?&<>"%]+@[^\s@:/?&<>"%]+\.[^\s@:/?&<>"%]+$/;
const TELEPHONE = /^\+?(?=(?:\D*\d){5,15}\D*$)[\d ()/.-]{5,30}$/;

/** @throws RangeError that says what it must be. */
export function parseSupport(text: string): string {
  const { length } = [...text];
  if (length > MAX_CHARACTERS) throw new RangeError(`expected at most ${MAX_CHARACTERS} characters, got ${length}`);
  if (E_MAIL.test(text) || TELEPHONE.test(text) || isWebPage(text)) return text;
  throw new RangeError(`expected an e-mail address, a telephone number or an https URL, got ${shown(text)}`);
}

/** A short plain word is repeated to show the mistake; anything else may hold a password. */
function shown(text: string): string {
  return /^[\w .+-]{0,30}$/.test(text) ? JSON.stringify(text) : 'something else';
}

function isWebPage(text: string): boolean {
  if (!/^https:\/\/[^\s\p{Cc}/\\][^\s\p{Cc}]*$/iu.test(text)) return false;
  const url = readUrl(text);
  return url !== undefined && url.username === '' && url.password === '';
}
