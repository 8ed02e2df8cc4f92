/** The people to whom messages are sent. */
import type { PersonId } from '../../kernel/ids.ts';
import type { Recipient } from '../../notifications/is-for.ts';
import { actorName } from '../../people/actor.ts';
import type { PeopleContext } from '../people/people-context.ts';
import { viewerOfPerson } from '../people/recognise.ts';

export interface KnownRecipient extends Recipient {
  readonly name: string;
  /** BCP 47; null: no preference. */
  readonly language: string | null;
}

export interface RecipientSource {
  /** Returns what a person may see at the moment; undefined if there is no such person, or the person may not log in. */
  get(id: PersonId): Promise<KnownRecipient | undefined>;
}

/** The people who may log in. */
export function peopleAsRecipients(context: Pick<PeopleContext, 'store' | 'keys'>): RecipientSource {
  return {
    get: async (personId) => {
      const viewer = await viewerOfPerson(context, personId);
      if (viewer === undefined) return undefined;
      const { actor, permissions, posIds, language } = viewer;
      return { personId, name: actorName(actor), permissions, posIds, language };
    },
  };
}
