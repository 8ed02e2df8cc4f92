import { describe, expect, it } from 'vitest';
import { readOptions } from './read-options.ts';

const ENVIRONMENT = { WEBPOS_URL: 'http://127.0.0.1:8080', WEBPOS_CLIENT_ID: 'shop', WEBPOS_SECRET: 'hush-hush' };
const FORWARD = ['--forward-to', 'http://localhost:3000/callback'];

describe('readOptions', () => {
  it('reads the environment, and options override it', () => {
    expect(readOptions(FORWARD, ENVIRONMENT)).toMatchObject({
      url: 'http://127.0.0.1:8080/',
      mode: 'sandbox',
      clientId: 'shop',
      secret: { kind: 'given', secret: 'hush-hush' },
      events: undefined,
      trigger: undefined,
      start: { kind: 'now' },
    });
    const words = [
      ...FORWARD,
      '--url',
      'https://pay.example.com/base',
      '--client-id',
      'other',
      '--mode',
      'live',
      '--secret-stdin',
    ];
    expect(readOptions(words, { ...ENVIRONMENT, WEBPOS_MODE: 'sandbox' })).toMatchObject({
      url: 'https://pay.example.com/base',
      mode: 'live',
      clientId: 'other',
      secret: { kind: 'stdin' },
    });
  });

  it('accepts events in one list or in several', () => {
    const words = [...FORWARD, '--events', 'payment.completed,payment.expired', '--events', ' payment.overpaid'];
    const wanted = new Set(['payment.completed', 'payment.expired', 'payment.overpaid']);
    expect(readOptions(words, ENVIRONMENT).events).toEqual(wanted);
  });

  it.each<[string, string[], Record<string, string | undefined>]>([
    ['--forward-to: expected a value', [], {}],
    ['--forward-to: expected a URL', ['--forward-to', 'localhost:3000'], {}],
    ['--forward-to: expected a URL without user name', ['--forward-to', 'http://me:hush-hush@localhost/'], {}],
    ['--url, or WEBPOS_URL: expected a value', FORWARD, { WEBPOS_URL: undefined }],
    ['--client-id, or WEBPOS_CLIENT_ID: expected a value', FORWARD, { WEBPOS_CLIENT_ID: ' ' }],
    ['WEBPOS_SECRET, or --secret-stdin: expected a value', FORWARD, { WEBPOS_SECRET: '' }],
    ['--secret: expected WEBPOS_SECRET or --secret-stdin', [...FORWARD, '--secret', 'hush-hush'], {}],
    ['--mode: expected sandbox or live', [...FORWARD, '--mode', 'test'], {}],
    ['--events: expected a list of payment.completed, ', [...FORWARD, '--events', 'payment.complete'], {}],
    ['--trigger: expected one of payment.completed, ', [...FORWARD, '--trigger', 'payment'], {}],
    ['--trigger: expected the mode sandbox', [...FORWARD, '--trigger', 'payment.completed', '--mode', 'live'], {}],
    ['--amount: expected a decimal', [...FORWARD, '--trigger', 'payment.completed', '--amount', '1,00'], {}],
    ['expected one of --after, --from-start and --position', [...FORWARD, '--after', 'x', '--from-start'], {}],
    ['unknown option --prt', [...FORWARD, '--prt', 'hush-hush'], {}],
    ['got an argument', [...FORWARD, 'hush-hush'], {}],
    ['an option lacks its value', ['--forward-to'], {}],
  ])('refuses wrong options without repeating a value: %s', (message, words, changed) => {
    const read = (): unknown => readOptions(words, { ...ENVIRONMENT, ...changed });
    expect(read).toThrow(expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(message) as unknown }));
    expect(read).not.toThrow(/hush-hush/);
  });
});
