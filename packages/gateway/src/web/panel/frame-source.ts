/** What is the same on every page of the panel after the login. */
import type { PanelFrame } from '@webpos/web';
import { isoDate } from '../../kernel/clock.ts';
import { skipNotices } from '../../services/addresses/skip-notices.ts';
import type { StoreContext } from '../../services/context.ts';
import type { Guarded } from '../../services/seals/guarded.ts';
import { describeLeader } from '../../services/leader/describe-leader.ts';
import { actorName } from '../../people/actor.ts';
import type { SessionVisit } from './access/panel-visits.ts';

export class FrameSource {
  readonly #context: StoreContext & Guarded;
  readonly #isSandbox: boolean;

  constructor({ context, isSandbox }: { readonly context: StoreContext & Guarded; readonly isSandbox: boolean }) {
    this.#context = context;
    this.#isSandbox = isSandbox;
  }

  async of({ basePath, formKey, viewer, reader, path }: SessionVisit): Promise<PanelFrame> {
    const { store, clock, guard } = this.#context;
    const leader = await describeLeader(store);
    return {
      basePath,
      path,
      formKey,
      isSandbox: this.#isSandbox,
      notices: await skipNotices(this.#context),
      brokenSeals: guard.count,
      leader: leader?.says ?? null,
      now: isoDate(clock.now()),
      reader,
      viewer: { name: viewer.actor.kind === 'operator' ? null : actorName(viewer.actor), permissions: [...viewer.permissions] },
    };
  }
}
