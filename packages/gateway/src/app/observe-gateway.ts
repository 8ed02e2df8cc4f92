/** Connects the metrics to the parts of a gateway that they read. */
import { promisify } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { CONCERN_KINDS } from '../chain/source-concern.ts';
import { freeSpace } from '../ops/free-space.ts';
import type { CertificateWatch } from '../ops/certificate-watch.ts';
import { Sampler } from '../ops/sampler.ts';
import type { RateSource } from '../rates/source.ts';
import { databaseFile } from '../store/sql/open-store.ts';
import type { Callbacks } from './open-callbacks.ts';
import type { Stored } from './open-stored.ts';
import type { ChainView } from './roles/role.ts';
import type { Opening } from './opening.ts';

/** Rows are counted up to this number, which is too many in any case. */
const MAX_COUNTED = 20_000;

export interface ObservedParts {
  readonly stored: Stored;
  readonly chain: ChainView;
  readonly rates: RateSource;
  readonly callbacks: Callbacks;
  readonly server: FastifyInstance;
  readonly certificates: CertificateWatch | undefined;
}

export function observeGateway({ config, clock, nowMs, metrics }: Opening, parts: ObservedParts): void {
  const { stored, chain, rates, callbacks, server, certificates } = parts;
  const { notifications } = stored;
  const databaseAt = databaseFile(config.databaseUrl);
  const sampler = new Sampler({ count: () => stored.store.stats(MAX_COUNTED), nowMs, maxAgeMs: 15_000, timeoutMs: 2_000 });
  metrics?.observe({
    now: () => clock.now(),
    chain: () => {
      const { tip, syncedAt, trouble, concerns } = chain.status;
      return { height: tip?.height, syncedAt, troubled: trouble !== undefined, concerns: concerns.map(({ kind }) => kind) };
    },
    concernKinds: CONCERN_KINDS,
    leader: () => chain.leader,
    callbackClaims: () => callbacks.delivery.claims,
    mempoolSize: () => chain.mempoolSize,
    watchedScripts: () => chain.watchedScripts,
    rateAt: (currency) => rates.rate(currency)?.at,
    certificateEndsAt: () => certificates?.endsAt,
    connections: () => promisify(server.server.getConnections.bind(server.server))(),
    databaseFreeBytes: databaseAt === undefined ? undefined : () => freeSpace(databaseAt),
    notificationsTrusted: () => notifications?.areTrusted ?? true,
    addressesUnused: () => chain.longestGap,
    sealedRowsBroken: () => stored.guard.count,
    failingEndpoints: () => callbacks.endpointHealth.failing(),
    sample: () => sampler.sample(),
  });
}
