/**
 * How far one machine goes, computed from what each thing costs. The JavaScript thread does nearly all of the work, so one core is the
 * bound of processor time; the other core is left to the kernel, the database's checkpoints and the proxy.
 */
const DAY_S = 86_400;
const YEAR_DAYS = 365;
/** Beyond this share of a core, requests wait in line. */
const BUSY_SHARE = 0.6;
const READS_PER_ORDER = 5;
const DISK_BYTES_PER_S = 50_000_000;

/**
 * @param costs processor time in microseconds and bytes written of an order from its creation to its end, and of a read.
 * @returns lines of text and numbers.
 */
export function reachOf({ orderCpuUs, readCpuUs, written, diskBytes }) {
  const byCpu = (BUSY_SHARE * 1_000_000) / (orderCpuUs + READS_PER_ORDER * readCpuUs);
  const byDisk = DISK_BYTES_PER_S / written;
  const perS = Math.min(byCpu, byDisk);
  return [
    [`paid orders a second, one core ${BUSY_SHARE * 100} % busy, ${READS_PER_ORDER} reads each`, byCpu.toFixed(0)],
    [`paid orders a second, ${DISK_BYTES_PER_S / 1_000_000} MB written a second`, byDisk.toFixed(0)],
    ['the lower of both, orders a day', `${((perS * DAY_S) / 1_000_000).toFixed(1)} million`],
    ...[1_000, 100_000].map((perDay) => [
      `disk a year at ${perDay.toLocaleString('en')} paid orders a day`,
      `${((perDay * YEAR_DAYS * diskBytes) / 1e9).toFixed(1)} GB`,
    ]),
  ];
}
