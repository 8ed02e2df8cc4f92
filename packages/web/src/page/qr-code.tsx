/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';
import newQrCode from 'qrcode-generator';

import { qrSegments } from './qr-segments.ts';

/** Modules of white around the code: ISO/IEC 18004 requires four, and old scanners need them. */
const QUIET_ZONE = 4;

/** A payment URI as a QR code in one SVG path. It is dark on white in dark mode too: many scanners cannot read the opposite. */
export function QrCode({ uri, label }: { uri: string; label: string }): VNode {
  const code = newQrCode(0, 'M');
  for (const { mode, text } of qrSegments(uri)) code.addData(text, mode);
  code.make();
  const size = code.getModuleCount();
  const side = size + 2 * QUIET_ZONE;
  const rows = Array.from({ length: size }, (_, y) => rowPath(y, size, (x) => code.isDark(y, x)));
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${side} ${side}`} shape-rendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path stroke="#000" d={rows.join('')} />
    </svg>
  );
}

/** A stroke for each run of dark modules in a row, one module thick. Steps are relative, which takes half the characters. */
function rowPath(y: number, size: number, isDark: (x: number) => boolean): string {
  const line = Array.from({ length: size }, (_, x) => (isDark(x) ? '1' : '0')).join('');
  let end: number | undefined;
  return [...line.matchAll(/1+/g)]
    .map(({ index, 0: run }) => {
      const step = end === undefined ? `M${index + QUIET_ZONE} ${y + QUIET_ZONE}.5` : `m${index - end} 0`;
      end = index + run.length;
      return `${step}h${run.length}`;
    })
    .join('');
}
