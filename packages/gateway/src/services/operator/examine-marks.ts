import type { MarksFile } from '../../store/marks.ts';
import { walletId } from '../../wallet/wallet-id.ts';
import { describeSkipNotice, skipNotices } from '../addresses/skip-notices.ts';
import type { StoreContext } from '../context.ts';
import { accountWallet } from '../merchants/account-wallet.ts';
import type { Finding } from './finding.ts';

/** Examines the marks file for `webpos doctor`: whether it can be read and written, whether the database is older, and recent skips. */
export async function examineMarks({
  store,
  marks,
  clock,
}: StoreContext & { readonly marks: MarksFile }): Promise<readonly Finding[]> {
  const what = 'marks file';
  const known = await marks.read();
  await marks.checkWritable();
  const notices = await skipNotices({ store, clock });
  const findings: Finding[] = notices.map((notice) => ({ what, level: 'warning', says: describeSkipNotice(notice) }));
  const accounts = await store.accounts.list();
  if (known === undefined) {
    const used = accounts.some(({ nextIndex }) => nextIndex > 0);
    const says = `${marks.path} does not exist${used ? ' although addresses have been handed out' : ' yet'}: the next start creates it`;
    return [...findings, { what, level: used ? 'warning' : 'ok', says }];
  }
  for (const account of accounts) {
    const mark = known.get(walletId(accountWallet(account)));
    if (mark === undefined || account.nextIndex >= mark.from) continue;
    findings.push({
      what,
      level: 'warning',
      says: `account ${account.name}: addresses below ${mark.from} were handed out, but the database knows only those below ${account.nextIndex}: it is older than the marks file; the next start skips to ${mark.mark}`,
    });
  }
  return findings.length > 0 ? findings : [{ what, level: 'ok', says: `${marks.path} can be read and written` }];
}
