/** The uses of the ports of people, of what they log in with, and of their access; see `store-uses.ts`. */
import { epochMs } from '../../src/kernel/clock.ts';
import type { PersonId } from '../../src/kernel/ids.ts';
import type { StoredPasskey } from '../../src/store/ports/people/credential-store.ts';
import type { StoredToken } from '../../src/store/ports/people/panel-token-store.ts';
import type { StoredPerson } from '../../src/store/ports/people/person-store.ts';
import type { StoredSession } from '../../src/store/ports/people/session-store.ts';
import type { StoreReads } from '../../src/store/ports/store.ts';

type UsesOf<Names extends keyof StoreReads> = {
  readonly [Name in Names]: { readonly [Method in keyof StoreReads[Name]]: (port: StoreReads[Name]) => Promise<unknown> };
};

const NOW = epochMs(Date.UTC(2030, 0, 1));
const ID = 'none' as PersonId;
const PERSON: StoredPerson = {
  id: ID,
  login: 'ada',
  name: 'Ada',
  email: null,
  role: 'owner',
  scope: { kind: 'all' },
  language: null,
  createdAt: NOW,
  disabledAt: null,
  mac: 'mac',
};
const PASSKEY: StoredPasskey = {
  id: 'passkey',
  personId: ID,
  name: 'Phone',
  publicKey: 'key',
  counter: 0,
  transports: '',
  createdAt: NOW,
  lastUsedAt: null,
  mac: 'mac',
};
const SESSION: StoredSession = {
  id: 'session',
  hash: 'hash',
  personId: ID,
  createdAt: NOW,
  lastUsedAt: NOW,
  expiresAt: NOW,
  confirmedAt: NOW,
  userAgent: '',
  address: '',
  mac: 'mac',
};
const TOKEN: StoredToken = {
  id: 'token',
  hash: 'hash',
  name: 'Till',
  role: 'owner',
  scope: { kind: 'all' },
  allowsDangerous: false,
  createdAt: NOW,
  expiresAt: NOW,
  mac: 'mac',
};

export const PEOPLE_STORE_USES: UsesOf<
  'people' | 'invitations' | 'credentials' | 'passkeys' | 'sessions' | 'challenges' | 'panelTokens'
> = {
  people: {
    insert: (port) => port.insert(PERSON),
    update: (port) => port.update(PERSON),
    get: (port) => port.get(ID),
    byLogin: (port) => port.byLogin('ada'),
    lock: (port) => port.lock(ID),
    lockOwners: (port) => port.lockOwners(2),
    list: (port) => port.list('', 50),
  },
  invitations: {
    put: (port) => port.put({ hash: 'hash', personId: ID, expiresAt: NOW, mac: 'mac' }),
    byHash: (port) => port.byHash('none'),
    take: (port) => port.take('none'),
    removeOf: (port) => port.removeOf(ID),
    removeAll: (port) => port.removeAll(),
  },
  credentials: {
    password: (port) => port.password(ID),
    putPassword: (port) => port.putPassword({ personId: ID, hash: 'hash', changedAt: NOW, mac: 'mac' }),
    totp: (port) => port.totp(ID),
    putTotp: (port) => port.putTotp({ personId: ID, sealed: 'sealed', lastStep: 0 }),
    useTotpStep: (port) => port.useTotpStep(ID, 1),
    totpAfter: (port) => port.totpAfter('', 50),
    putRecoveryCodes: (port) => port.putRecoveryCodes(ID, ['hash']),
    useRecoveryCode: (port) => port.useRecoveryCode(ID, 'hash'),
    countRecoveryCodes: (port) => port.countRecoveryCodes(ID),
    removePasswordAndTotp: (port) => port.removePasswordAndTotp(ID),
    removeTotp: (port) => port.removeTotp(ID),
    removeAll: (port) => port.removeAll(ID),
  },
  passkeys: {
    insert: (port) => port.insert(PASSKEY),
    get: (port) => port.get('none'),
    ofPerson: (port) => port.ofPerson(ID, 20),
    noteUse: async (port) => [await port.noteUse('none', 0, NOW), await port.noteUse('none', 1, NOW)],
    putMac: (port) => port.putMac('none', 'mac'),
    remove: (port) => port.remove(ID, 'none'),
  },
  sessions: {
    insert: (port) => port.insert(SESSION),
    byHash: (port) => port.byHash('none'),
    get: (port) => port.get('none'),
    noteUse: (port) => port.noteUse('none', NOW, ''),
    replace: (port) => port.replace('none', SESSION),
    ofPerson: async (port) => [await port.ofPerson(ID, 50), await port.ofPerson(null, 50)],
    remove: (port) => port.remove('none'),
    removeOf: (port) => port.removeOf(ID, 'session'),
    removeAll: (port) => port.removeAll(),
    prune: (port) => port.prune(epochMs(0), epochMs(0)),
  },
  challenges: {
    use: (port) => port.use('hash', NOW),
    prune: (port) => port.prune(epochMs(0)),
  },
  panelTokens: {
    insert: (port) => port.insert(TOKEN),
    byHash: (port) => port.byHash('none'),
    get: (port) => port.get('none'),
    list: (port) => port.list(50),
    remove: (port) => port.remove('none'),
    removeAll: (port) => port.removeAll(),
    prune: (port) => port.prune(epochMs(0)),
  },
};
