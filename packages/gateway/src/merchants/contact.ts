/** The forms of a contact that pages link to. */
import { readUrl } from '../kernel/read-url.ts';

const E_MAIL = /^[^\s@:/?&<>"%]+@[^\s@:/?&<>"%]+\.[^\s@:/?&<>"%]+$/;
const TELEPHONE = /^\+?(?=(?:\D*\d){5,15}\D*$)[\d ()/.-]{5,30}$/;

export function isEmailAddress(text: string): boolean {
  return E_MAIL.test(text);
}

export function isTelephoneNumber(text: string): boolean {
  return TELEPHONE.test(text);
}

/** Whether the text is an https URL without a password. */
export function isWebPage(text: string): boolean {
  if (!/^https:\/\/[^\s\p{Cc}/\\][^\s\p{Cc}]*$/iu.test(text)) return false;
  const url = readUrl(text);
  return url !== undefined && url.username === '' && url.password === '';
}
