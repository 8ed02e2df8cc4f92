/**
 * Names the work that runs on the JavaScript thread, so that a watchdog can say which step has held it (`ops/watchdog.ts`).
 *
 * Work calls {@link enterStep} when it begins, and again when it continues after a wait. The time until the next call counts for its
 * step. This is less exact than an asynchronous context, and costs one reading of the clock when the step changes.
 */
export interface Step {
  readonly name: string;
  /** Whether people wait for it: it goes before other work that writes. */
  readonly isUrgent: boolean;
}

/** A step, and how long it ran since the last {@link takeSteps}. */
export interface StepTime {
  readonly step: Step;
  readonly durationMs: number;
}

class TimedStep implements Step {
  readonly name: string;
  readonly isUrgent: boolean;
  /** Since the last `takeSteps`. */
  durationMs = 0;
  ran = false;

  constructor(name: string, isUrgent: boolean) {
    this.name = name;
    this.isUrgent = isUrgent;
  }
}

const steps = new Map<string, TimedStep>();
let current: TimedStep | undefined;
let sinceMs = 0;
/** The steps that ran since the last `takeSteps`. */
let ran: TimedStep[] = [];

/** Returns the step of a name. Names become values of a label in the metrics: use few of them, and never one with an id. */
export function stepOf(name: string, { isUrgent = false }: Partial<Step> = {}): Step {
  const known = steps.get(name);
  if (known !== undefined) return known;
  const step = new TimedStep(name, isUrgent);
  steps.set(name, step);
  return step;
}

/** Counts the time from now on for a step; undefined for none. */
export function enterStep(step: Step | undefined): void {
  if (step === current) return;
  const nowMs = performance.now();
  if (current !== undefined) count(current, nowMs - sinceMs);
  current = step as TimedStep | undefined;
  sinceMs = nowMs;
}

/** Returns the step that time is counted for now. Work that waits can enter it again afterwards. */
export function currentStep(): Step | undefined {
  return current;
}

/** Returns how long each step ran since the last call, the longest first, and leaves the current step. */
export function takeSteps(): readonly StepTime[] {
  enterStep(undefined);
  if (ran.length === 0) return [];
  const taken = ran.map((step) => ({ step, durationMs: step.durationMs }));
  for (const step of ran) {
    step.durationMs = 0;
    step.ran = false;
  }
  ran = [];
  return taken.sort((a, b) => b.durationMs - a.durationMs);
}

function count(step: TimedStep, durationMs: number): void {
  step.durationMs += durationMs;
  if (step.ran) return;
  step.ran = true;
  ran.push(step);
}
