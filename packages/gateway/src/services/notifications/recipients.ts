/** The people to whom messages are sent. */
import type { PersonId } from '../../kernel/ids.ts';
import type { Recipient } from '../../notifications/is-for.ts';

export interface KnownRecipient extends Recipient {
  readonly name: string;
  /** BCP 47; null: no preference. */
  readonly language: string | null;
}

export interface RecipientSource {
  /** Returns what a person may see at the moment; undefined if there is no such person, or the person may not log in. */
  get(id: PersonId): Promise<KnownRecipient | undefined>;
}

/** Where there are no people yet. */
export const NOBODY: RecipientSource = { get: async () => undefined };
