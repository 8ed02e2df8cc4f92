/** @jsxRuntime automatic @jsxImportSource preact */
import { renderToString } from 'preact-render-to-string';
import { encode } from 'uqr';
import { expect, it } from 'vitest';

import { QrCode } from './qr-code.tsx';

it('draws exactly the dark modules, within four modules of white', () => {
  const text = 'bitcoin:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq?amount=0.00016667';
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const svg = renderToString(<QrCode text={text} label="pay" />);

  const drawn = data.map((row) => row.map(() => false));
  for (const [, x, y, run] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    drawn[Number(y) - 4]?.fill(true, Number(x) - 4, Number(x) - 4 + Number(run));
  }
  expect(drawn).toEqual(data);
  expect(svg).toContain(`viewBox="0 0 ${size + 8} ${size + 8}"`);
});
