/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { Words } from '../../page/verbatim.tsx';
import type { PanelFrame } from './panel-frame.ts';
import { frameTexts } from './texts/index.ts';
import { panelWords } from './wording.ts';

/** Which of several processes follows the chain, and how far it is. */
export function Leader({ frame: { leader, reader, now } }: { frame: PanelFrame }): VNode | null {
  if (leader === null) return null;
  const { phrase, text, counted, fromNow, integer } = panelWords(reader, frameTexts);
  const { space } = reader.language;
  const term = integer(leader.term);
  if (leader.process === null)
    return (
      <p class="faint leader">
        <Words of={phrase('leader_none', { term })} />
      </p>
    );
  const { name, readAt, watched } = leader.process;
  return (
    <p class="faint leader">
      <Words of={phrase('leader', { name, term })} />
      {space}
      <Words of={readAt === null ? [text('leader_reading')] : phrase('leader_read', { time: [fromNow(readAt, now)] })} />
      {watched !== null && (
        <>
          {space}
          <Words of={counted('leader_watches', watched)} />
        </>
      )}
    </p>
  );
}
