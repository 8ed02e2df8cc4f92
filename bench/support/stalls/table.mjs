/** The table of situations that `stalls` prints. */
export function heading({ orders, isPostgres, creations, reads }) {
  console.log(
    `\n  ${orders.toLocaleString('en')} orders on ${isPostgres ? 'PostgreSQL' : 'SQLite'}, ${creations} creations and ${reads} reads a second; milliseconds, MB; a number beyond its target has a !`,
  );
  line([
    'situation',
    'took',
    'health p99 (50)',
    'max',
    'create p99',
    'read p99',
    'errors',
    'longest hold (50)',
    'longest hold by CPU (50)',
    'transaction (200)',
    'memory (250)',
    'own timers',
  ]);
}

export function line(cells) {
  const widths = [40, 8, 16, 6, 11, 9, 7, 32, 32, 32, 13, 10];
  console.log(`  ${cells.map((cell, nth) => cell.padEnd(widths[nth])).join(' ')}`);
}

export function verdict(value, most = Number.POSITIVE_INFINITY) {
  return `${value.toFixed(0)}${value > most ? '!' : ''}`;
}

export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
