import { Emitter } from '../kernel/emitter.ts';
import type { NotificationChannel } from '../store/ports/notifications.ts';

/** An event that other processes on the same database hear too, if there are notifications between them. */
export class SharedSignal<Event> {
  readonly #here = new Emitter<Event>();
  #publish: (event: Event) => void = () => {};

  on(listener: (event: Event) => void): void {
    this.#here.on(listener);
  }

  /** Reports what this process has done, to its listeners and to the other processes. */
  emit(event: Event): void {
    this.#here.emit(event);
    this.#publish(event);
  }

  /** Reports an event to the listeners in this process: another process has caused it, or the others need not know. */
  emitHere(event: Event): void {
    this.#here.emit(event);
  }

  /** Publishes on a channel what this process does from now on. */
  publishOn({ publish }: Pick<NotificationChannel<Event>, 'publish'>): void {
    this.#publish = publish;
  }
}
