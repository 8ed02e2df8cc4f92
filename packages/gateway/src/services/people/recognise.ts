/** Recognises who visits the panel or calls its API. */
import { OPERATOR, type Viewer } from '../../people/viewer.ts';
import type { StoreContext } from '../context.ts';
import { mayEnter } from './panel-access.ts';

/** Returns the viewer of a session; undefined if it is invalid, expired or revoked. */
export async function viewerOfSession(context: StoreContext, secret: string): Promise<Viewer | undefined> {
  return (await mayEnter(context, 'session', secret)) ? OPERATOR : undefined;
}

/** Returns the viewer with a token; undefined if it is invalid, expired or revoked. */
export async function viewerOfToken(context: StoreContext, secret: string): Promise<Viewer | undefined> {
  return (await mayEnter(context, 'token', secret)) ? OPERATOR : undefined;
}
