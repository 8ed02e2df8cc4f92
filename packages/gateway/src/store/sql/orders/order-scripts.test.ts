import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { runsOf } from './order-scripts.ts';

const script = fc.uint8Array({ minLength: 1, maxLength: 6, size: 'max' }).map((bytes) => Buffer.from(bytes).toString('hex'));

test('runs contain every script, in order', () => {
  fc.assert(
    fc.property(fc.array(script, { minLength: 1, maxLength: 40 }), (scripts) => {
      const read: string[] = [];
      for (const { bytes, scriptBytes } of runsOf(scripts.join(',')))
        for (let start = 0; start < bytes.length; start += scriptBytes)
          read.push(Buffer.from(bytes.subarray(start, start + scriptBytes)).toString('hex'));
      expect(read).toEqual(scripts);
    }),
  );
});

test.each(['0014zz', '001', '00,01x2,03', '00,,01', '00,0014é0'])('text that is not hex is refused: %s', (joined) => {
  expect(() => [...runsOf(joined)]).toThrow('expected scripts in hex');
});
