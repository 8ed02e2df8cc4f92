/** Parses e-mail addresses. Only plain ones are accepted, in which nothing can be read as another header, recipient or command. */

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
// RFC 5322, 3.2.3 (dot-atom) and RFC 5321, 4.1.2, without quoted strings and address literals.
const ADDRESS = new RegExp(`^(${ATOM}(?:\\.${ATOM})*)@(${LABEL}(?:\\.${LABEL})+)$`);
const MAX_CHARACTERS = 254;
const MAX_LOCAL_CHARACTERS = 64;

/**
 * Returns the address with its domain in lower case.
 *
 * @throws RangeError if it is not one.
 */
export function parseMailAddress(text: string): string {
  const [, local = '', domain = ''] = ADDRESS.exec(text.trim()) ?? [];
  if (local === '' || local.length > MAX_LOCAL_CHARACTERS || text.trim().length > MAX_CHARACTERS)
    throw new RangeError('must be an e-mail address, such as ada@shop.example');
  return `${local}@${domain.toLowerCase()}`;
}

/** A sender, such as `Corner shop <shop@shop.example>`. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** @throws RangeError if it is not a mailbox. */
export function parseMailbox(text: string): Mailbox {
  const [, name = '', address = text] = /^([^<>"\p{Cc}]{0,100}?)\s*<([^<>]+)>$/u.exec(text.trim()) ?? [];
  return { name: name.trim(), address: parseMailAddress(address) };
}
