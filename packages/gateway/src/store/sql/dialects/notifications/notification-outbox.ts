/**
 * Sends notifications one statement after the other. PostgreSQL serializes the commits of all transactions that notify, so they are
 * small and few: what is published while a statement is under way is merged, and sent with the next one.
 */
import { mergeIds, type Topic, type TopicIds } from './notification-text.ts';

export interface Outgoing {
  /** Sent to this process itself. */
  readonly heartbeat: string | undefined;
  readonly topics: ReadonlyMap<Topic, TopicIds>;
}

export class NotificationOutbox {
  readonly #send: (outgoing: Outgoing) => Promise<void>;
  #topics = new Map<Topic, TopicIds>();
  #heartbeat: string | undefined;
  #sending: Promise<void> | undefined;

  /** @param send Must settle in the end. What it rejects is sent again with what is published next. */
  constructor(send: (outgoing: Outgoing) => Promise<void>) {
    this.#send = send;
  }

  publish(topic: Topic, ids: TopicIds): void {
    this.#topics.set(topic, mergeIds(this.#topics.get(topic), ids));
    this.flush();
  }

  /** Sends a text to this process itself. */
  beat(heartbeat: string): void {
    this.#heartbeat = heartbeat;
    this.flush();
  }

  /** Sends what is waiting, unless a statement is under way. */
  flush(): void {
    this.#sending ??= this.#sendWaiting().finally(() => (this.#sending = undefined));
  }

  /** Resolves when nothing is under way, and what was waiting has been sent or has failed. */
  async settled(): Promise<void> {
    this.flush();
    await this.#sending;
  }

  async #sendWaiting(): Promise<void> {
    // What is published in the same turn goes together.
    await Promise.resolve();
    while (this.#topics.size > 0 || this.#heartbeat !== undefined) {
      const outgoing = { heartbeat: this.#heartbeat, topics: this.#topics };
      this.#heartbeat = undefined;
      this.#topics = new Map();
      try {
        await this.#send(outgoing);
      } catch {
        // A heartbeat that is late proves nothing, and the next one is sent within a second, with these.
        for (const [topic, ids] of outgoing.topics) this.#topics.set(topic, mergeIds(this.#topics.get(topic), ids));
        return;
      }
    }
  }
}
