/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';
import { encode } from 'uqr';

/** Four modules of white around the code: ISO/IEC 18004 asks for them, and old scanners need them. */
const QUIET_ZONE = 4;

/** A QR code as one SVG path: dark on white in dark mode too, as many scanners cannot read it the other way round. */
export function QrCode({ text, label }: { text: string; label: string }): VNode {
  const { data: rows, size } = encode(text, { ecc: 'M', border: 0 });
  const side = size + 2 * QUIET_ZONE;
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${side} ${side}`} shape-rendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path fill="#000" d={rows.map(rowPath).join('')} />
    </svg>
  );
}

/** One rectangle for each run of dark modules in a row. */
function rowPath(row: readonly boolean[], y: number): string {
  const line = row.map((dark) => (dark ? '1' : '0')).join('');
  return [...line.matchAll(/1+/g)]
    .map(({ index, 0: run }) => `M${index + QUIET_ZONE} ${y + QUIET_ZONE}h${run.length}v1h-${run.length}z`)
    .join('');
}
