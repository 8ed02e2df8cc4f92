/** The panel session of a browser: a cookie that scripts cannot read and that requests of other sites do not carry, and a key for forms. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Where a browser reaches the panel. */
export interface PanelPlace {
  readonly isHttps: boolean;
  /** The path before `/panel`; empty if the gateway does not share its host. */
  readonly basePath: string;
}

/**
 * Returns the name of the cookie. A browser accepts `__Host-` over HTTPS only and from this host only (RFC 6265bis, 4.1.3.2), but then
 * sends the cookie to every path of the host. If the gateway shares its host with a shop, the cookie is limited to the panel's path instead,
 * and `__Secure-` still requires HTTPS.
 */
function nameOf(name: string, { isHttps, basePath }: PanelPlace): string {
  if (!isHttps) return name;
  return `${basePath === '' ? '__Host-' : '__Secure-'}${name}`;
}

const SESSION = 'webpos_panel';

export function readSession(request: FastifyRequest, place: PanelPlace): string | undefined {
  return cookieOf(request, SESSION, place);
}

export function cookieOf({ headers }: FastifyRequest, name: string, place: PanelPlace): string | undefined {
  const prefix = `${nameOf(name, place)}=`;
  const cookie = headers.cookie?.split(';').find((one) => one.trim().startsWith(prefix));
  return cookie?.trim().slice(prefix.length);
}

/**
 * @param session The secret of the session; empty to remove the cookie.
 * @param maxAgeS How long the browser keeps it, in seconds.
 */
export function setSession(reply: FastifyReply, session: string, maxAgeS: number, place: PanelPlace): void {
  setCookie(reply, { name: SESSION, value: session, maxAgeS }, place);
}

export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly maxAgeS: number;
}

/** Sets a cookie beside those that the answer sets already. */
export function setCookie(reply: FastifyReply, { name, value, maxAgeS }: Cookie, place: PanelPlace): void {
  const { isHttps, basePath } = place;
  const secure = isHttps ? '; Secure' : '';
  const path = basePath === '' ? '/' : `${basePath}/panel`;
  reply.header(
    'set-cookie',
    `${nameOf(name, place)}=${value}; Path=${path}; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure}`,
  );
}

/**
 * Returns the key of a session's forms. Only pages of the session contain it. It stays the same when the secret of the session is
 * replaced, so that pages that are open then still work.
 *
 * @param sessionId Its id, not its secret.
 */
export function formKeyOf(sessionId: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(`form of ${sessionId}`).digest('base64url');
}

export function isSameKey(expectedKey: string, given: unknown): boolean {
  const [expected, received] = [Buffer.from(expectedKey), Buffer.from(typeof given === 'string' ? given : '')];
  return expected.length === received.length && timingSafeEqual(expected, received);
}
