/** What a password must be: long, and not one that is guessed first. Nothing about which characters it has (NIST SP 800-63B, 3.1.1.2). */

const MIN_PASSWORD_CHARACTERS = 12;
const MAX_PASSWORD_CHARACTERS = 200;

export type PasswordFault = 'short' | 'long' | 'login' | 'common';

/** The most common passwords of at least twelve characters, and the beginnings that people extend to that length. */
const COMMON: ReadonlySet<string> = new Set(
  [
    'passwordpassword password1234 password12345 password123456 password1234567 passw0rd1234 mypassword123 changeme1234 changemenow12',
    '123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 123123123123 111111111111 000000000000 012345678901',
    'qwertyuiop12 qwertyuiop123 qwertyuiopasdf qwerty123456 qwerty1234567 1q2w3e4r5t6y 1qaz2wsx3edc qazwsxedcrfv zaq12wsxcde3',
    'abcdefghijkl abcdefghijklm abcd12345678 abc123abc123 asdfghjkl123 asdfasdfasdf zxcvbnm12345 iloveyou1234 iloveyouiloveyou',
    'administrator administrator1 admin1234567 adminadmin12 adminadminadmin letmeinletmein welcome12345 welcome123456 webposwebpos',
    'bitcoinbitcoin bitcoin12345 bitcoin123456 satoshinakamoto correcthorsebatterystaple football1234 baseball1234 princess1234',
  ].flatMap((line) => line.split(' ')),
);

/** @returns the fault of a password; undefined if it may be used. */
export function passwordFault(password: string, login: string): PasswordFault | undefined {
  const normal = password.normalize('NFKC');
  const { length } = [...normal];
  if (length < MIN_PASSWORD_CHARACTERS) return 'short';
  if (length > MAX_PASSWORD_CHARACTERS) return 'long';
  const plain = normal.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  if (login.length > 2 && plain.replaceAll(login.replaceAll(/[^\p{L}\p{N}]/gu, ''), '').length < MIN_PASSWORD_CHARACTERS / 2)
    return 'login';
  return COMMON.has(plain) || new Set(plain).size < 4 ? 'common' : undefined;
}
