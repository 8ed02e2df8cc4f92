import { expect, it } from 'vitest';
import { parseRetryAfterMs } from './retry-after.ts';

const NOW_MS = Date.parse('2026-11-23T18:00:00.000Z');

it.each([
  { header: '0', ms: 0 },
  { header: ' 5 ', ms: 5000 },
  { header: '999999999', ms: 999_999_999_000 },
  { header: 'Mon, 23 Nov 2026 18:00:30 GMT', ms: 30_000 },
  { header: 'Monday, 23-Nov-26 18:00:30 GMT', ms: 30_000 },
  { header: 'Mon, 23 Nov 2026 17:00:00 GMT', ms: 0 },
  { header: null, ms: undefined },
  { header: '', ms: undefined },
  { header: '-5', ms: undefined },
  { header: '1.5', ms: undefined },
  { header: '1e3', ms: undefined },
  { header: 'soon', ms: undefined },
  { header: 'Monday, sometime', ms: undefined },
])('reads "$header" as $ms ms', ({ header, ms }) => {
  expect(parseRetryAfterMs(header, NOW_MS)).toBe(ms);
});
