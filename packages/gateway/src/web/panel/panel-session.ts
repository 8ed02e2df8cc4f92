/** The session of a browser at the panel: a cookie that only we read and no other site's request brings along, and a key for every form. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_S } from '../../services/operator/panel-access.ts';

/** Where a browser finds the panel. */
export interface PanelPlace {
  readonly isHttps: boolean;
  /** What stands before `/panel`; empty where the host is the gateway's alone. */
  readonly basePath: string;
}

/**
 * With `__Host-` a browser takes it by https alone, and from this very host (RFC 6265bis, 4.1.3.2); it then goes to every path of
 * the host. Where the gateway shares its host with a shop, it goes to the panel alone instead, and the host is held to by https.
 */
function nameOf({ isHttps, basePath }: PanelPlace): string {
  if (!isHttps) return 'webpos_panel';
  return basePath === '' ? '__Host-webpos_panel' : '__Secure-webpos_panel';
}

export function readSession({ headers }: FastifyRequest, place: PanelPlace): string | undefined {
  const prefix = `${nameOf(place)}=`;
  const cookie = headers.cookie?.split(';').find((one) => one.trim().startsWith(prefix));
  return cookie?.trim().slice(prefix.length);
}

/** @param session Empty: the session has ended. */
export function setSession(reply: FastifyReply, session: string, place: PanelPlace): void {
  const life = session === '' ? 0 : SESSION_S;
  const { isHttps, basePath } = place;
  const secure = isHttps ? '; Secure' : '';
  const path = basePath === '' ? '/' : `${basePath}/panel`;
  reply.header('set-cookie', `${nameOf(place)}=${session}; Path=${path}; Max-Age=${life}; HttpOnly; SameSite=Strict${secure}`);
}

/** Who has it was given a page of this session. */
export function formKeyOf(session: string): string {
  return createHash('sha256').update(`form of ${session}`).digest('base64url');
}

export function isFormKeyOf(session: string, given: unknown): boolean {
  const [wanted, got] = [Buffer.from(formKeyOf(session)), Buffer.from(typeof given === 'string' ? given : '')];
  return wanted.length === got.length && timingSafeEqual(wanted, got);
}
