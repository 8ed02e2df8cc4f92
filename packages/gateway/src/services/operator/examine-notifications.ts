/** Examines the settings of e-mail, and whether messages to people arrive. */
import type { Store } from '../../store/ports/store.ts';
import type { Finding } from './finding.ts';

export interface WithMail {
  /** Undefined without settings for e-mail. */
  readonly mail:
    | {
        /** The server and the sender, without the password. */
        readonly says: string;
        /** Whether the password may be sent in plain text. */
        readonly isPlain: boolean;
        /** Connects to the server and logs in. Returns what is wrong; undefined if nothing is. */
        readonly check: (signal: AbortSignal) => Promise<string | undefined>;
      }
    | undefined;
  /** Whether to connect to the mail server. Default: false. */
  readonly connectsToMail?: boolean;
}

const MAX_COUNTED = 10_000;

export async function examineNotifications({
  store,
  mail,
  connectsToMail = false,
  signal,
}: WithMail & { readonly store: Store; readonly signal: AbortSignal }): Promise<readonly Finding[]> {
  const { messages } = await store.stats(MAX_COUNTED);
  const findings: Finding[] =
    messages.failed === 0
      ? []
      : [
          {
            what: 'messages',
            level: 'warning',
            says: `${messages.failed} messages to people were given up: webpos notification list shows them`,
          },
        ];
  if (mail === undefined) {
    const waiting = await store.messages.countWaiting('email', MAX_COUNTED);
    if (waiting > 0)
      findings.push({
        what: 'e-mail',
        level: 'warning',
        says: `${waiting} e-mails wait, because WEBPOS_SMTP_URL is not set: each is given up after three days`,
      });
    return connectsToMail ? [...findings, { what: 'e-mail', level: 'problem', says: 'WEBPOS_SMTP_URL is not set' }] : findings;
  }
  if (mail.isPlain)
    findings.push({
      what: 'e-mail',
      level: 'warning',
      says: 'WEBPOS_DANGEROUSLY_ALLOW_PLAIN_SMTP lets anybody in between read the e-mails and the password',
    });
  if (!connectsToMail) return [...findings, { what: 'e-mail', level: 'ok', says: `${mail.says}; not connected, --smtp does` }];
  const trouble = await mail.check(signal);
  return [
    ...findings,
    trouble === undefined
      ? { what: 'e-mail', level: 'ok', says: `${mail.says}: the server accepts the login` }
      : { what: 'e-mail', level: 'problem', says: `${mail.says}: ${trouble}` },
  ];
}
