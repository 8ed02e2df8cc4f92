import { describe, expect, it, test } from 'vitest';
import { parsePostgresUrl, withoutPassword } from './postgres-url.ts';

const urls = (text: string): string[] => parsePostgresUrl(text).hosts.map(({ url }) => url);

describe('the hosts of a database URL', () => {
  it.each([
    ['postgres://u:p@h/db', ['postgres://u:p@h/db']],
    ['postgresql://h', ['postgresql://h']],
    ['postgres:///db', ['postgres:///db']],
    ['postgres://u:p@h1:5432,h2:5433/db', ['postgres://u:p@h1:5432/db', 'postgres://u:p@h2:5433/db']],
    [
      'postgres://u:p@h1,h2/db?target_session_attrs=read-write&sslmode=no-verify',
      ['postgres://u:p@h1/db?sslmode=no-verify', 'postgres://u:p@h2/db?sslmode=no-verify'],
    ],
    ['postgres://u@[::1]:1,[2001:db8::2]/db', ['postgres://u@[::1]:1/db', 'postgres://u@[2001:db8::2]/db']],
    ['postgres://u:p@/db?host=a,b&port=1,2', ['postgres://u:p@a:1/db', 'postgres://u:p@b:2/db']],
    ['postgres://u:p@a,b/db?port=7', ['postgres://u:p@a:7/db', 'postgres://u:p@b:7/db']],
    ['postgres://ignored/db?host=::1,b&port=1,', ['postgres://[::1]:1/db', 'postgres://b/db']],
    ['postgres://u@/db?host=/run/pg&port=5433', ['postgres://u@localhost/db?host=%2Frun%2Fpg&port=5433']],
    ['postgres://u@%2Frun%2Fpg/db', ['postgres://u@%2Frun%2Fpg/db']],
    [
      'postgres://u:a%40b,c@h1,h2/db?options=-c%20search_path%3Dx&connect_timeout=2',
      ['postgres://u:a%40b,c@h1/db?options=-c%20search_path%3Dx', 'postgres://u:a%40b,c@h2/db?options=-c%20search_path%3Dx'],
    ],
  ])('%s', (text, expected) => {
    expect(urls(text)).toEqual(expected);
  });

  test('a host that accepts writes is wanted where there are several, unless the URL says otherwise', () => {
    expect(parsePostgresUrl('postgres://a,b/db').wants).toBe('read-write');
    expect(parsePostgresUrl('postgres://a,b/db?target_session_attrs=any').wants).toBe('any');
    expect(parsePostgresUrl('postgres://a/db').wants).toBe('any');
    expect(parsePostgresUrl('postgres://a/db?target_session_attrs=read-write').wants).toBe('read-write');
  });

  test('messages show the hosts and the database, and no secret', () => {
    const { shown, hosts, connectTimeoutMs } = parsePostgresUrl('postgres://u:secret@a:1,b/db?password=secret&connect_timeout=7');
    expect(shown).toBe('postgres://a:1,b/db');
    expect(hosts.map((host) => host.shown)).toEqual(['a:1', 'b']);
    expect(connectTimeoutMs).toBe(7_000);
  });

  it.each([
    ['mysql://u:secret@h/db', 'expected postgres://HOST/DATABASE, got something else'],
    ['postgres://u:secret@a,,b/db', 'expected a host, got an empty one in the list'],
    ['postgres://u:secret@a:x/db', 'expected a host and a port (an IPv6 address in brackets), got something else'],
    ['postgres://u:secret@::1/db', 'expected a host and a port (an IPv6 address in brackets), got something else'],
    ['postgres://u:secret@a:70000/db', 'expected a host and a port, got "a:70000"'],
    ['postgres://u:secret@a,b/db?port=1,2,3', 'expected one port or as many as hosts (2), got 3'],
    ['postgres://u:secret@a/db?port=x', 'expected a port, got "x"'],
    ['postgres://u:1/secret@a/db', 'expected / and ? in a password to be percent-encoded, got an @ after the host'],
    ['postgres://u:1?secret@a/db', 'expected / and ? in a password to be percent-encoded, got an @ after the host'],
    ['postgres://u:secret@a/db?hostaddr=10.0.0.1', 'expected host in place of hostaddr'],
    [
      'postgres://u:secret@a,b/db?target_session_attrs=standby',
      'expected target_session_attrs to be read-write or any, got "standby"',
    ],
    ['postgres://u:secret@a/db?connect_timeout=0', 'expected connect_timeout to be 1 to 60 seconds, got "0"'],
    [`postgres://u:secret@${'a,'.repeat(16)}a/db`, 'expected at most 16 hosts, got 17'],
  ])('%s is refused, without the password', (text, message) => {
    expect(() => parsePostgresUrl(text)).toThrow(new RangeError(message));
  });
});

it.each([
  ['postgres://u:secret@h/db', 'postgres://u@h/db'],
  ['postgres://u:se:cret@h1:1,h2/db?password=secret&sslmode=require', 'postgres://u@h1:1,h2/db?sslmode=require'],
  ['postgres://h/db?sslpassword=secret', 'postgres://h/db'],
  ['postgres://u:p@ss@h/db', 'postgres://u@h/db'],
])('%s is shown to other tools without its password', (text, expected) => {
  expect(withoutPassword(text)).toBe(expected);
});
