/** The session of a browser at the panel: a cookie that only we read and no other site's request brings along, and a key for every form. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_S } from '../services/panel-access.ts';

/** With `__Host-` a browser takes it by https alone, and from this very host (RFC 6265bis, 4.1.3.2). */
const nameOf = (isHttps: boolean): string => (isHttps ? '__Host-webpos_panel' : 'webpos_panel');

export function readSession({ headers }: FastifyRequest, isHttps: boolean): string | undefined {
  const prefix = `${nameOf(isHttps)}=`;
  const cookie = headers.cookie?.split(';').find((one) => one.trim().startsWith(prefix));
  return cookie?.trim().slice(prefix.length);
}

/** @param session Empty: there is none any more. */
export function setSession(reply: FastifyReply, session: string, isHttps: boolean): void {
  const life = session === '' ? 0 : SESSION_S;
  const secure = isHttps ? '; Secure' : '';
  reply.header('set-cookie', `${nameOf(isHttps)}=${session}; Path=/; Max-Age=${life}; HttpOnly; SameSite=Strict${secure}`);
}

/** Who has it was given a page of this session. */
export function formKeyOf(session: string): string {
  return createHash('sha256').update(`form of ${session}`).digest('base64url');
}

export function isFormKeyOf(session: string, given: unknown): boolean {
  const [wanted, got] = [Buffer.from(formKeyOf(session)), Buffer.from(typeof given === 'string' ? given : '')];
  return wanted.length === got.length && timingSafeEqual(wanted, got);
}
