/** Parses the details of a merchant. Each function throws a RangeError that says what was expected. */
import { isEmailAddress, isTelephoneNumber, isWebPage } from './contact.ts';
import { parseLine } from './line.ts';

export const MAX_ADDRESS_LINES = 6;
const MAX_LINE_CHARACTERS = 80;
const MAX_CONTACT_CHARACTERS = 120;
const MAX_TAX_ID_CHARACTERS = 40;
/** The longest name in the time zone database has 32 characters. */
const MAX_ZONE_CHARACTERS = 64;

/** Empty lines are left out. */
export function parseAddress(lines: readonly string[]): readonly string[] {
  const filled = lines.filter((line) => line.trim() !== '');
  if (filled.length > MAX_ADDRESS_LINES)
    throw new RangeError(`expected at most ${MAX_ADDRESS_LINES} lines, got ${filled.length}`);
  return filled.map((line) => parseLine(line, MAX_LINE_CHARACTERS));
}

export function parseTaxId(text: string): string {
  return parseLine(text, MAX_TAX_ID_CHARACTERS);
}

export function parseEmail(text: string): string {
  return parsed(text, isEmailAddress, 'an e-mail address such as shop@example.com');
}

export function parsePhone(text: string): string {
  return parsed(text, isTelephoneNumber, 'a telephone number such as +49 30 123456');
}

export function parseWebsite(text: string): string {
  return parsed(text, isWebPage, 'an https URL such as https://shop.example');
}

/** @returns The name of the zone, in the capitals of the time zone database. */
export function parseTimeZone(text: string): string {
  const name = text.trim();
  // Offsets such as +02:00 know no daylight saving, which a merchant would miss in spring.
  if (name.length > MAX_ZONE_CHARACTERS || !/^[A-Za-z]/.test(name)) throw zoneError();
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // The runtime resolves links, such as Asia/Kathmandu to the older Asia/Katmandu.
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
  } catch {
    throw zoneError();
  }
}

function zoneError(): RangeError {
  return new RangeError('expected the name of a time zone such as Europe/Berlin');
}

function parsed(text: string, accepts: (text: string) => boolean, expected: string): string {
  const line = text.trim();
  const { length } = [...line];
  if (length > MAX_CONTACT_CHARACTERS)
    throw new RangeError(`expected at most ${MAX_CONTACT_CHARACTERS} characters, got ${length}`);
  // Repeating the text could repeat a password.
  if (!accepts(line)) throw new RangeError(`expected ${expected}`);
  return line;
}
