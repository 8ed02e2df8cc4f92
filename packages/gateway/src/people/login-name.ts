/** The name that a person logs in with: short, lower case, and the same on every keyboard. An e-mail address may be one. */
const LOGIN = /^[a-z0-9](?:[a-z0-9._@+-]{0,62}[a-z0-9])?$/;

/** Returns what was typed as it is stored. */
export function normalLogin(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase().slice(0, 200);
}

/** @throws RangeError that says what was expected. */
export function parseLogin(text: string): string {
  const login = normalLogin(text);
  if (!LOGIN.test(login)) throw new RangeError('expected 1 to 64 letters a to z, digits, and . _ @ + - between them');
  return login;
}

const EMAIL = /^[^\s@"(),:;<>[\\\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$/i;

/** @returns the address; null for an empty text. @throws RangeError that says what was expected. */
export function parseEmail(text: string): string | null {
  const email = text.trim();
  if (email === '') return null;
  if (!EMAIL.test(email)) throw new RangeError('expected an e-mail address such as ada@shop.example');
  return email;
}
