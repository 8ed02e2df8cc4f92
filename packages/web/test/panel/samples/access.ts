import type { Reader } from '../../../src/i18n/languages.ts';
import { renderConfirmedPage, renderConfirmPage } from '../../../src/panel/access/confirm-page.tsx';
import { renderLoginPage } from '../../../src/panel/access/login-page.tsx';
import { renderRecoveryPage, renderWelcomePage } from '../../../src/panel/access/welcome-page.tsx';
import { renderMissingPage, renderRefusalPage } from '../../../src/panel/frame/plain-pages.tsx';
import { PASSKEY, sampleFrame, sampleFrames, UUID } from './frame.ts';

export const TOTP = { sealed: 'sealed', secret: 'GEZDGNBVGY3TQOJQ', uri: 'otpauth://totp/WebPOS:ada?secret=GEZDGNBVGY3TQOJQ' };
const FAULTS = ['code', 'login', 'passkey'] as const;
export const SET_UP_FAULTS = ['short', 'long', 'login', 'common', 'repeated', 'code', 'passkey'] as const;

export function accessSamples(reader: Reader): Readonly<Record<string, string[]>> {
  const basePath = '';
  const frame = sampleFrame(reader);
  const form = { action: '/panel/people', fields: { name: 'Bob' } };
  const invited = { code: 'code', login: 'ada', name: 'Ada', passkeyOptions: PASSKEY, totp: TOTP };
  return {
    renderLoginPage: [
      renderLoginPage({ basePath, reader, hasPeople: false, passkeyOptions: undefined, fault: undefined }),
      ...FAULTS.map((fault) => renderLoginPage({ basePath, reader, hasPeople: true, passkeyOptions: PASSKEY, fault })),
    ],
    renderWelcomePage: [
      renderWelcomePage({ basePath, reader, invited: undefined, fault: undefined }),
      ...SET_UP_FAULTS.map((fault) => renderWelcomePage({ basePath, reader, invited, fault })),
    ],
    renderRecoveryPage: [renderRecoveryPage({ basePath, reader, codes: ['7K2Q-9XFM-2TRC'] })],
    renderConfirmPage: [true, false].map((isOperator) =>
      renderConfirmPage(frame, { form, isWrong: true, isOperator, passkeyOptions: isOperator ? undefined : PASSKEY }),
    ),
    renderConfirmedPage: [renderConfirmedPage(frame, { ...form, fields: { pos: UUID } })],
    renderMissingPage: sampleFrames(reader).map(renderMissingPage),
    renderRefusalPage: [renderRefusalPage(frame)],
  };
}
