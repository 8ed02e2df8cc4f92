/** @jsxRuntime automatic @jsxImportSource preact */
import type { PanelFrame } from './panel-frame.ts';
import { renderPanelPage } from './panel-page.tsx';
import { frameTexts } from './texts/index.ts';
import type { FrameText } from './texts/en.ts';
import { panelWords } from './wording.ts';

/** Renders the page for what does not exist, or not for this viewer. */
export function renderMissingPage(frame: PanelFrame): string {
  return renderPlainPage(frame, 'missing', 'missing_more');
}

/** Renders the page for what the viewer's role does not include. */
export function renderRefusalPage(frame: PanelFrame): string {
  return renderPlainPage(frame, 'refused', 'refused_more');
}

function renderPlainPage(frame: PanelFrame, title: FrameText, more: FrameText): string {
  const { text } = panelWords(frame.reader, frameTexts);
  return renderPanelPage(
    text(title),
    frame,
    <section class="card">
      <h1>{text(title)}</h1>
      <p>{text(more)}</p>
      <p>
        <a href={`${frame.basePath}/panel`}>{text('to_start')}</a>
      </p>
    </section>,
  );
}
