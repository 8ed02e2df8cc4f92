/** @jsxRuntime automatic @jsxImportSource preact */
import { QrCode } from '../../page/qr-code.tsx';
import { Verbatim } from '../../page/verbatim.tsx';
import { renderDocument } from '../frame/panel-page.tsx';
import { panelWords } from '../frame/wording.ts';
import { linksTexts } from './texts/index.ts';
import type { LinkPosterView } from './view.ts';

/** Renders a poster with the QR code of a link, for A4 and letter paper. */
export function renderLinkPosterPage(view: LinkPosterView): string {
  const { link, basePath, reader } = view;
  const { text, fiat } = panelWords(reader, linksTexts);
  return renderDocument({
    title: link.title,
    basePath,
    reader,
    children: (
      <>
        <nav class="screen-only" aria-label={text('links')}>
          <a href={`${basePath}/panel/links/${link.uuid}`}>{text('back')}</a>
          <p class="hint">{text('poster_how')}</p>
        </nav>
        <main class="poster">
          <p class="poster-merchant">
            <Verbatim>{link.posName}</Verbatim>
          </p>
          <h1>
            <Verbatim>{link.title}</Verbatim>
          </h1>
          {link.amount !== null && (
            <p class="poster-price">
              <Verbatim>{fiat(link.amount, link.currency)}</Verbatim>
            </p>
          )}
          <QrCode uri={link.url} label={link.url} />
          <p class="poster-scan">{text('scan')}</p>
          <p class="said" dir="ltr">
            {link.url}
          </p>
        </main>
      </>
    ),
  });
}
