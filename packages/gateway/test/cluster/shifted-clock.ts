/**
 * Loaded into a gateway before its own code (`--import`): shifts the wall clock of the process by the milliseconds in
 * `CLOCK_SHIFT_MS`, or by what the harness sends later, as when the clocks of machines are minutes apart. Monotonic clocks and timers go
 * on as they are. The process ends with the harness.
 */
const RealDate = Date;
let shiftMs = Number(process.env['CLOCK_SHIFT_MS'] ?? 0);

class ShiftedDate extends RealDate {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(RealDate.now() + shiftMs);
    else super(...(given as [string]));
  }

  static override now(): number {
    return RealDate.now() + shiftMs;
  }
}

globalThis.Date = ShiftedDate as DateConstructor;

process.on('message', (message) => {
  if (typeof message === 'object' && message !== null && 'shiftMs' in message) shiftMs = Number(message.shiftMs);
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();
