/** Examines who may use the panel, and whether the audit log and the rows of people are as the gateway wrote them. */
import { isAuthentic } from '../people/authentic.ts';
import { accessOf } from '../people/manage-people.ts';
import { verifyAuditLog } from '../audit/audit-log.ts';
import type { AuditEntry } from '../../store/ports/audit-store.ts';
import type { StoredPerson } from '../../store/ports/people/person-store.ts';
import type { Store } from '../../store/ports/store.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import type { Finding } from './finding.ts';

const PAGE_SIZE = 100;
/** Entries about a person among which the newest one about access is. */
const MAX_ENTRIES = 50;

type Reads = Pick<Store, 'people' | 'audit'>;

/** @param isReachable Whether others than the operator's machine reach the panel. */
export async function examinePeople(
  store: Reads,
  keys: Pick<GatewayKeys, 'people' | 'audit'>,
  isReachable: boolean,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  let owners = 0;
  for (let last = ''; ;) {
    const page = await store.people.list(last, PAGE_SIZE);
    for (const person of page) {
      const fault = await faultOf(store, person, keys.people);
      if (fault !== undefined) findings.push({ what: `user ${person.login}`, level: 'problem', says: fault });
      else if (person.role === 'owner' && person.disabledAt === null) owners += 1;
    }
    last = page.at(-1)?.login ?? '';
    if (page.length < PAGE_SIZE) break;
  }
  return [ownersFinding(owners, isReachable), ...findings, await auditFinding(store, keys.audit)];
}

function ownersFinding(owners: number, isReachable: boolean): Finding {
  if (owners > 0) return { what: 'people', level: 'ok', says: `${owners} ${owners === 1 ? 'owner' : 'owners'}` };
  const says =
    'nobody is an owner of the panel: only webpos panel login opens it; create one with webpos user create --role owner';
  return { what: 'people', level: isReachable ? 'warning' : 'ok', says };
}

async function faultOf({ audit }: Pick<Store, 'audit'>, person: StoredPerson, key: Uint8Array): Promise<string | undefined> {
  const advice = 'find out who can write to the database, then run webpos user enable with the role that the person is to have';
  if (!isAuthentic('person', person, key)) return `changed outside of the gateway, and refused: ${advice}`;
  const entries = await audit.list({ subject: { kind: 'person', id: person.id }, before: undefined, limit: MAX_ENTRIES });
  const recorded = entries.map(accessIn).find((access) => access !== undefined);
  if (recorded === undefined || recorded === JSON.stringify(accessOf(person))) return undefined;
  return `may do something else than the audit log says, as if an earlier row had been put back: ${advice}`;
}

/** What an entry says about what a person may do, as JSON; undefined if it says nothing. */
function accessIn({ details }: AuditEntry): string | undefined {
  const { after } = JSON.parse(details) as { readonly after?: Readonly<Record<string, unknown>> };
  if (after?.['role'] === undefined) return undefined;
  return JSON.stringify({ role: after['role'], scope: after['scope'], enabled: after['enabled'] });
}

async function auditFinding(store: Reads, key: Uint8Array): Promise<Finding> {
  const { entries, fault } = await verifyAuditLog(store, key);
  if (fault === undefined)
    return { what: 'audit log', level: 'ok', says: `${entries} ${entries === 1 ? 'entry' : 'entries'}, intact` };
  const says = `not as the gateway wrote it, from entry ${fault.position}: webpos audit verify says more`;
  return { what: 'audit log', level: 'problem', says };
}
