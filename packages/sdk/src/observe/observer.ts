import type { WebposError } from '../errors/webpos-error.ts';
import type { Logger } from '../options/logger.ts';
import type { Hooks } from './hooks.ts';
import { pathTemplate } from './path-template.ts';
import { type RequestChannel, requestChannel, type RequestTrace } from './request-channel.ts';
import type { Observe, Watch } from './watch.ts';

/** The client options that an observer needs. */
export interface ObserverOptions extends Hooks {
  logger?: Logger | undefined;
}

/**
 * Makes the observer of one client's calls, for its hooks and for subscribers of the tracing channel `webpos:request`. Without
 * either, a call costs one check of the channel.
 */
export function observer(
  options: ObserverOptions,
  baseUrl: string,
  channel: RequestChannel | undefined = requestChannel(),
): Observe {
  const { onRequest, onResponse, onRetry } = options;
  const run = hookRunner(options.logger ?? console);
  const hooks: Hooks = {
    onRequest: onRequest && run('onRequest', onRequest),
    onResponse: onResponse && run('onResponse', onResponse),
    onRetry: onRetry && run('onRetry', onRetry),
  };
  const hasHooks = Object.values(hooks).some((hook) => hook !== undefined);
  return (call, work) => {
    // Node 20 before 20.13 does not know whether there are any.
    const isTraced = channel !== undefined && channel.hasSubscribers !== false;
    if (!hasHooks && !isTraced) return work(undefined);
    const trace = newTrace(call, baseUrl);
    const watched = async (): ReturnType<typeof work> => {
      const startedAtMs = performance.now();
      const watch = watchOf(trace, hooks);
      try {
        return await work(watch);
      } catch (error) {
        // The call's deadline ended the attempt.
        watch.abandon(error as WebposError);
        throw error;
      } finally {
        trace.durationMs = performance.now() - startedAtMs;
      }
    };
    return isTraced ? traced(channel, watched, trace) : watched();
  };
}

type Trace = { -readonly [Field in keyof RequestTrace]: RequestTrace[Field] };

function newTrace({ method, path }: { method: string; path: string }, baseUrl: string): Trace {
  const template = pathTemplate(path);
  return { method, path: template, baseUrl, tries: 0, status: undefined, requestId: undefined, durationMs: undefined };
}

/** Hides the result of a call from subscribers, because that of a login is secret. */
async function traced<T>(channel: RequestChannel, work: () => Promise<T>, trace: RequestTrace): Promise<T> {
  const answered: T[] = [];
  await channel.tracePromise(async () => {
    answered.push(await work());
  }, trace);
  return answered[0] as T;
}

function watchOf(trace: Trace, { onRequest, onResponse, onRetry }: Hooks): Watch & { abandon(error: WebposError): void } {
  let attemptAtMs: number | undefined;
  const attemptEvent = (tries = trace.tries): { method: string; path: string; tries: number } => ({
    method: trace.method,
    path: trace.path,
    tries,
  });
  const watch: Watch = {
    attempt: () => {
      trace.tries += 1;
      attemptAtMs = performance.now();
      onRequest?.(attemptEvent());
    },
    outcome: (answer, error, delayMs) => {
      const status = answer?.status;
      const requestId = answer?.headers.get('x-request-id') ?? undefined;
      Object.assign(trace, { status, requestId });
      const durationMs = performance.now() - (attemptAtMs ?? 0);
      attemptAtMs = undefined;
      onResponse?.({ ...attemptEvent(), status, requestId, durationMs, error });
      if (error && delayMs !== undefined) onRetry?.({ ...attemptEvent(trace.tries + 1), delayMs, error });
    },
  };
  return { ...watch, abandon: (error) => void (attemptAtMs !== undefined && watch.outcome(undefined, error)) };
}

/** Runs hooks so that none can break a call. The first failure of each is logged. */
function hookRunner(logger: Logger): <E>(name: string, hook: (event: E) => unknown) => (event: E) => void {
  const reported = new Set<string>();
  return (name, hook) => {
    const report = async (error: unknown): Promise<void> => {
      if (reported.has(name)) return;
      reported.add(name);
      await logger.warn(`@webpos/sdk: ${name} failed; further failures are not logged`, error);
    };
    return (event) => {
      void (async () => {
        await hook(event);
      })()
        .catch(report)
        // The logger itself has failed.
        .catch(() => undefined);
    };
  };
}
