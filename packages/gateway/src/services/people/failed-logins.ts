import { HOUR_MS } from '../../kernel/durations.ts';
import type { Person } from '../../people/person.ts';
import { recordAction } from '../audit/audit-log.ts';
import type { PeopleContext } from './people-context.ts';

/** More are not recorded, so that guesses do not fill the audit log. */
const MAX_PER_HOUR = 60;

/** Records failed logins in the audit log, a limited number in an hour. */
export class FailedLogins {
  readonly #context: PeopleContext;
  #hour = 0;
  #recorded = 0;

  constructor(context: PeopleContext) {
    this.#context = context;
  }

  /** @param person Who it was said to be; undefined if unknown: what was typed may be a password. */
  async record(person: Pick<Person, 'id'> | undefined, means: string, address: string): Promise<void> {
    const { store, clock } = this.#context;
    const hour = Math.floor(clock.now() / HOUR_MS);
    if (hour !== this.#hour) [this.#hour, this.#recorded] = [hour, 0];
    this.#recorded += 1;
    if (this.#recorded > MAX_PER_HOUR) return;
    const note = this.#recorded === MAX_PER_HOUR ? 'more of this hour are not recorded' : undefined;
    await store.transaction((tx) =>
      recordAction(
        this.#context,
        tx,
        { kind: 'gateway' },
        {
          action: 'session.refuse',
          subject: { kind: 'person', id: person?.id ?? null },
          after: { means, address },
          ...(note === undefined ? {} : { note }),
        },
      ),
    );
  }
}
