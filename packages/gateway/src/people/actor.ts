/** Who did something, as the audit log records it. */
import type { PersonId } from '../kernel/ids.ts';

export type Actor =
  | { readonly kind: 'person'; readonly id: PersonId; readonly name: string }
  /** A program with a token; `name` is the name of the token. */
  | { readonly kind: 'token'; readonly id: string; readonly name: string }
  /** Somebody with a code of `webpos panel login`. */
  | { readonly kind: 'operator' }
  /** A command on the gateway's machine. */
  | { readonly kind: 'command' }
  /** The buyer of an order, on its page. */
  | { readonly kind: 'buyer' }
  /** The gateway itself. */
  | { readonly kind: 'gateway' };

/** The text of an actor for people, such as `Ada` or `command`. */
export function actorName(actor: Actor): string {
  return 'name' in actor ? actor.name : actor.kind;
}
