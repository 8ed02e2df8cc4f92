/** What is the same on every page of the panel after the login. */
import type { PanelFrame } from '@webpos/web';
import { isoDate, plusMs, type EpochMs } from '../../kernel/clock.ts';
import { skipNotices, type SkipNotice } from '../../services/addresses/skip-notices.ts';
import type { StoreContext } from '../../services/context.ts';
import type { SealingContext } from '../../services/seals/sealing-context.ts';
import { readLeader, type LeaderFacts } from '../../services/leader/describe-leader.ts';
import { actorName } from '../../people/actor.ts';
import type { SessionVisit } from './access/panel-visits.ts';

export class FrameSource {
  readonly #context: StoreContext & SealingContext;
  readonly #isSandbox: boolean;

  constructor({ context, isSandbox }: { readonly context: StoreContext & SealingContext; readonly isSandbox: boolean }) {
    this.#context = context;
    this.#isSandbox = isSandbox;
  }

  async of({ basePath, formKey, viewer, reader, path }: SessionVisit): Promise<PanelFrame> {
    const { store, clock, guard } = this.#context;
    const now = clock.now();
    return {
      basePath,
      path,
      formKey,
      isSandbox: this.#isSandbox,
      notices: (await skipNotices(this.#context)).map(noticeView),
      brokenSeals: guard.count,
      leader: leaderView(await readLeader(store), now),
      now: isoDate(now),
      reader,
      viewer: { name: viewer.actor.kind === 'operator' ? null : actorName(viewer.actor), permissions: [...viewer.permissions] },
    };
  }
}

function noticeView(notice: SkipNotice): PanelFrame['notices'][number] {
  const at = isoDate(notice.at);
  if (notice.kind === 'marks_missing') return { kind: 'marks_missing', at };
  const { accountName: account, range, reason } = notice;
  return { kind: 'skipped', at, account, from: range.from, to: range.to - 1, reason };
}

function leaderView(leader: LeaderFacts | undefined, now: EpochMs): PanelFrame['leader'] {
  if (leader === undefined) return null;
  const { term, process } = leader;
  if (process === undefined) return { term, process: null };
  const { name, readAgeMs, watchedScripts } = process;
  const readAt = readAgeMs === undefined ? null : isoDate(plusMs(now, -Math.round(readAgeMs)));
  return { term, process: { name, readAt, watched: watchedScripts ?? null } };
}
