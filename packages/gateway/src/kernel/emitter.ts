/**
 * Reports events inside the process, so that a part can be joined to others that are made after it.
 *
 * Listeners are called in the order in which they were added, within `emit`. What a listener throws reaches anyone who emits.
 *
 * @example
 * const callbackStored = new Emitter<void>();
 * callbackStored.on(() => delivery.wake());
 * callbackStored.emit();
 */
export class Emitter<Event> {
  readonly #listeners: ((event: Event) => void)[] = [];

  on(listener: (event: Event) => void): void {
    this.#listeners.push(listener);
  }

  emit(event: Event): void {
    for (const listener of this.#listeners) listener(event);
  }
}
