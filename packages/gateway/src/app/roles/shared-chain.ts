import type { ChainSource } from '../../chain/source.ts';
import type { WatcherStatus } from '../../chain/watcher.ts';
import type { LeaderView } from '../../services/leader/leader-view.ts';
import type { OpenedLeading } from './leading.ts';
import type { ChainView } from './role.ts';

/** What a process knows of the chain that it follows by turns with others: from its own watcher while it leads, otherwise from the leader. */
export class SharedChain implements ChainView {
  readonly source: ChainSource;
  readonly #view: LeaderView;
  readonly #term: () => number | undefined;
  /** Defined while this process leads. */
  leading: OpenedLeading | undefined;

  constructor(source: ChainSource, view: LeaderView, term: () => number | undefined) {
    this.source = source;
    this.#view = view;
    this.#term = term;
  }

  get status(): WatcherStatus {
    const { status } = this.#view;
    if (this.leading === undefined) return status;
    const { status: own } = this.leading.watcher;
    // Until this process has read the chain, what the previous leader has read counts.
    return { ...own, syncedAt: own.syncedAt ?? status.syncedAt, tip: own.tip ?? status.tip };
  }

  get mempoolSize(): number {
    return this.leading?.watcher.mempoolSize ?? this.#view.mempoolSize;
  }

  get watchedScripts(): number {
    return this.leading?.scripts.size ?? this.#view.watchedScripts;
  }

  get longestGap(): number {
    return this.leading?.gaps.longest ?? 0;
  }

  get leader(): { readonly term: number; readonly isHere: boolean } {
    const own = this.#term();
    return { term: own ?? this.#view.term, isHere: own !== undefined };
  }

  caughtUp(signal: AbortSignal): Promise<void> {
    return (this.leading?.watcher ?? this.#view).caughtUp(signal);
  }
}
