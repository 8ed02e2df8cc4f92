/**
 * Renews what the key file authenticates, when the key file is replaced. Rows that verified with the old key verify with the new one;
 * TOTP secrets are sealed again. Without the old key nobody can tell which rows are genuine: people, passwords and passkeys are then taken
 * as they are, and TOTP secrets are removed. Sessions, tokens, codes, invitations and recovery codes are found by hashes of the old key,
 * so they end in any case.
 */
import type { GatewayKeys } from '../../security/key-file.ts';
import { seal, unseal } from '../../security/seal.ts';
import type { StoredPerson } from '../../store/ports/people/person-store.ts';
import { signedHead } from '../audit/audit-log.ts';
import { isAuthentic, signed } from './authentic.ts';
import type { PeopleTransaction } from './people-context.ts';
import { MAX_PASSKEYS } from './set-up.ts';

type Keys = Pick<GatewayKeys, 'people' | 'audit' | 'seal'>;

const PAGE_SIZE = 100;

/** @param before The keys that may have authenticated what is stored; none if the old key file is lost. */
export async function renewAccess(tx: PeopleTransaction, before: readonly Keys[], after: Keys): Promise<void> {
  await renewAuditHead(tx, after);
  await tx.panel.revokeAll();
  await tx.sessions.removeAll();
  await tx.panelTokens.removeAll();
  await tx.invitations.removeAll();
  for (let last = ''; ;) {
    const page = await tx.people.list(last, PAGE_SIZE);
    for (const person of page) await renewPerson(tx, person, before, after);
    last = page.at(-1)?.login ?? '';
    if (page.length < PAGE_SIZE) return;
  }
}

async function renewAuditHead(tx: PeopleTransaction, { audit }: Keys): Promise<void> {
  const head = await tx.audit.lockHead();
  if (head !== undefined) await tx.audit.putHead(signedHead(head.position, head.hash, audit));
}

async function renewPerson(tx: PeopleTransaction, person: StoredPerson, before: readonly Keys[], after: Keys): Promise<void> {
  const { id } = person;
  // A row that was changed outside of the gateway stays refused.
  if (isGenuine(before, (keys) => isAuthentic('person', person, keys.people)))
    await tx.people.update(signed('person', person, after.people));
  const password = await tx.credentials.password(id);
  if (password !== undefined && isGenuine(before, (keys) => isAuthentic('password', password, keys.people)))
    await tx.credentials.putPassword(signed('password', password, after.people));
  for (const passkey of await tx.passkeys.ofPerson(id, MAX_PASSKEYS))
    if (isGenuine(before, (keys) => isAuthentic('passkey', passkey, keys.people)))
      await tx.passkeys.putMac(passkey.id, signed('passkey', passkey, after.people).mac);
  await tx.credentials.putRecoveryCodes(id, []);
  await renewTotp(tx, person, before, after);
}

/** Whether a row was written with one of the keys; true without any, because nobody can tell then. */
function isGenuine(before: readonly Keys[], verifies: (keys: Keys) => boolean): boolean {
  return before.length === 0 || before.some(verifies);
}

async function renewTotp(tx: PeopleTransaction, { id }: StoredPerson, before: readonly Keys[], after: Keys): Promise<void> {
  const totp = await tx.credentials.totp(id);
  if (totp === undefined) return;
  const secret = before.map((keys) => opened(totp.sealed, `totp ${id}`, keys.seal)).find((found) => found !== undefined);
  if (secret === undefined) return tx.credentials.removeTotp(id);
  await tx.credentials.putTotp({ ...totp, sealed: seal(secret, `totp ${id}`, after.seal) });
}

function opened(sealed: string, owner: string, key: Uint8Array): string | undefined {
  try {
    return unseal(sealed, owner, key);
  } catch {
    return undefined;
  }
}
