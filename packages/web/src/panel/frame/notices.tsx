/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Phrase } from '../../i18n/phrase.ts';
import { Words } from '../../page/verbatim.tsx';
import type { PanelFrame, PanelNotice } from './panel-frame.ts';
import type { FrameText } from './texts/en.ts';
import { frameTexts } from './texts/index.ts';
import { panelWords, type PanelWords } from './wording.ts';

/** What the operator has to know, on every page. */
export function Notices({ frame }: { frame: PanelFrame }): VNode {
  const words = panelWords(frame.reader, frameTexts);
  return (
    <>
      {frame.notices.map((notice, at) => (
        <p key={at} class="note heed">
          <Words of={phraseOf(notice, words)} />
        </p>
      ))}
    </>
  );
}

function phraseOf(notice: PanelNotice, { phrase, text, date, integer }: PanelWords<FrameText>): Phrase {
  const at = date(notice.at);
  if (notice.kind === 'marks_missing') return phrase('marks_missing', { at, command: 'webpos account skip' });
  const { account, from, to, reason } = notice;
  return phrase(from === to ? 'skipped_one' : 'skipped', {
    at,
    account,
    from: integer(from),
    to: integer(to),
    reason: [text(`skipped_${reason}`)],
  });
}
