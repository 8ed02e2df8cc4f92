/**
 * Passkeys (W3C Web Authentication, level 3): what a browser is asked, and whether its answer is right. The authenticator has to verify the
 * person, so that a passkey needs no second factor.
 */
import type { AuthenticationResponseJSON, AuthenticatorTransport, RegistrationResponseJSON } from '@simplewebauthn/server';

/** Where passkeys are registered. */
export interface PasskeySite {
  /** The host that browsers bind passkeys to. */
  readonly rpId: string;
  readonly origin: string;
}

const TIMEOUT_MS = 300_000;
/** EdDSA, ES256 and RS256 (RFC 8152). */
const ALGORITHMS = [-8, -7, -257] as const;

/** Returns the site of a URL; undefined where browsers refuse passkeys: without https, or without a domain name. */
export function passkeySite(publicUrl: string): PasskeySite | undefined {
  const { protocol, hostname, origin } = new URL(publicUrl);
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  const isName = /^(?=.*[a-z])[a-z0-9.-]+$/.test(hostname) && (isLocal || hostname.includes('.'));
  return isName && (isLocal || protocol === 'https:') ? { rpId: hostname, origin } : undefined;
}

/** Returns the options of `navigator.credentials.create`, as JSON holds them. */
export function creationOptions(
  { rpId }: PasskeySite,
  person: { readonly id: string; readonly login: string; readonly name: string },
  challenge: string,
  existing: readonly string[],
): string {
  return JSON.stringify({
    challenge,
    rp: { id: rpId, name: 'WebPOS' },
    user: { id: Buffer.from(person.id).toString('base64url'), name: person.login, displayName: person.name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: TIMEOUT_MS,
    attestation: 'none',
    excludeCredentials: existing.map((id) => ({ type: 'public-key', id })),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
  });
}

/** Returns the options of `navigator.credentials.get`, as JSON holds them. */
export function requestOptions({ rpId }: PasskeySite, challenge: string): string {
  return JSON.stringify({ challenge, rpId, timeout: TIMEOUT_MS, userVerification: 'required', allowCredentials: [] });
}

export interface NewPasskey {
  readonly id: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: string;
}

/** Uses a challenge up; false if it is not one of ours, has expired, or was answered before. */
export type TakeChallenge = (challenge: string) => Promise<boolean>;

/** Returns the passkey that a browser has created; undefined if the answer is wrong. @param answer JSON. */
export async function verifyCreation(
  { rpId, origin }: PasskeySite,
  answer: string,
  takeChallenge: TakeChallenge,
): Promise<NewPasskey | undefined> {
  const response = parsed<RegistrationResponseJSON>(answer);
  if (response === undefined) return undefined;
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const result = await verifyRegistrationResponse({
    response,
    expectedChallenge: takeChallenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: [...ALGORITHMS],
  }).catch(() => undefined);
  if (result?.verified !== true) return undefined;
  const { id, publicKey, counter, transports = [] } = result.registrationInfo.credential;
  return { id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports: transports.join(',').slice(0, 100) };
}

/** The credential that an answer names, before anything in it is trusted; undefined if it is no answer. */
export function answeringPasskey(answer: string): string | undefined {
  return parsed<AuthenticationResponseJSON>(answer)?.id;
}

/** Returns the new counter of a passkey; undefined if the answer is wrong. */
export async function verifyAnswer(
  { rpId, origin }: PasskeySite,
  answer: string,
  { id, publicKey, counter, transports }: NewPasskey,
  takeChallenge: TakeChallenge,
): Promise<number | undefined> {
  const response = parsed<AuthenticationResponseJSON>(answer);
  if (response === undefined) return undefined;
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const result = await verifyAuthenticationResponse({
    response,
    expectedChallenge: takeChallenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    credential: {
      id,
      publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')),
      counter,
      transports: transports === '' ? [] : (transports.split(',') as AuthenticatorTransport[]),
    },
  }).catch(() => undefined);
  return result?.verified === true ? result.authenticationInfo.newCounter : undefined;
}

const MAX_ANSWER = 20_000;

function parsed<Answer extends { readonly id: string }>(text: string): Answer | undefined {
  if (text.length > MAX_ANSWER) return undefined;
  try {
    const value = JSON.parse(text) as Answer | null;
    return typeof value?.id === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
