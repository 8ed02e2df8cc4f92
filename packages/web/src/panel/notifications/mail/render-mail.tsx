/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { pickReader } from '../../../i18n/languages.ts';
import { panelWords, type PanelWords } from '../../frame/wording.ts';
import type { NotificationMail, RenderedMail } from './mail-view.ts';
import { noticeLines, type NoticeLines } from './notice-lines.ts';
import { mailTexts } from './texts/index.ts';
import type { MailText } from './texts/en.ts';

/**
 * Renders an e-mail as plain text and as HTML. The HTML loads nothing, so that nobody learns when or where it is read, and what shops and
 * buyers have written in it is text.
 */
export function renderNotificationMail(mail: NotificationMail): RenderedMail {
  const words = panelWords(pickReader(mail.language, mail.language ?? undefined), mailTexts);
  const gateway = new URL(mail.gatewayUrl).host;
  switch (mail.kind) {
    case 'notices': {
      const { timeZone, hasAmountsInSubject } = mail;
      const lines = mail.items.map((item) => noticeLines(item, { words, timeZone, hasAmountsInSubject }));
      const [only] = lines;
      const subject =
        only !== undefined && lines.length === 1
          ? only.subject
          : words.plain('digest_subject', { count: words.integer(lines.length) });
      return rendered(mail, words, {
        subject,
        text: lines.map((each) => noticeText(each, words)).join('\n\n'),
        html: lines.map((each) => <NoticeHtml key={each.sentence} lines={each} words={words} />),
        footer: words.plain('why', { gateway }),
      });
    }
    case 'test':
      return rendered(mail, words, {
        subject: words.text('test_subject'),
        text: words.text('test_text'),
        html: <p>{words.text('test_text')}</p>,
        footer: words.plain('why', { gateway }),
      });
    case 'confirmation': {
      const [ask, button, ignore] = [
        words.plain('confirm_text', { gateway }),
        words.text('confirm_button'),
        words.text('confirm_ignore'),
      ];
      return {
        subject: words.text('confirm_subject'),
        text: `${ask}\n\n${button}:\n${mail.confirmUrl}\n\n${ignore}\n`,
        html: htmlDocument(
          words,
          <>
            <p>{ask}</p>
            <p>
              <a href={mail.confirmUrl}>{button}</a>
            </p>
            <p>{ignore}</p>
          </>,
        ),
      };
    }
  }
}

interface Parts {
  readonly subject: string;
  readonly text: string;
  readonly html: ComponentChildren;
  readonly footer: string;
}

function rendered(mail: NotificationMail, words: PanelWords<MailText>, { subject, text, html, footer }: Parts): RenderedMail {
  const links = [
    [words.text('settings'), mail.settingsUrl],
    [words.text('stop'), mail.stopUrl],
  ] as const;
  return {
    subject,
    text: `${text}\n\n-- \n${footer}\n${links.map(([label, url]) => `${label}: ${url}`).join('\n')}\n`,
    html: htmlDocument(
      words,
      <>
        {html}
        <hr />
        <p>{footer}</p>
        {links.map(([label, url]) => (
          <p key={url}>
            <a href={url}>{label}</a>
          </p>
        ))}
      </>,
    ),
  };
}

function noticeText({ sentence, time, details, link }: NoticeLines, words: PanelWords<MailText>): string {
  return [sentence, time, ...details, ...(link === null ? [] : [`${words.text('open')}: ${link}`])].join('\n');
}

function NoticeHtml({ lines, words }: { lines: NoticeLines; words: PanelWords<MailText> }): VNode {
  const { sentence, time, details, link } = lines;
  return (
    <>
      <p>
        <strong>{sentence}</strong>
        <br />
        {time}
        {details.map((line) => (
          <>
            <br />
            {line}
          </>
        ))}
      </p>
      {link !== null && (
        <p>
          <a href={link}>{words.text('open')}</a>
        </p>
      )}
    </>
  );
}

function htmlDocument({ reader }: PanelWords<MailText>, children: ComponentChildren): string {
  const { tag, direction } = reader.language;
  return `<!doctype html>${renderToString(
    <html lang={tag} dir={direction}>
      <head>
        <meta charset="utf-8" />
      </head>
      <body>{children}</body>
    </html>,
  )}`;
}
