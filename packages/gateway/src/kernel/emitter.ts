/**
 * Notifies listeners of events inside the process. It is created before the parts that emit and listen, so those need not know each
 * other.
 *
 * `emit` calls the listeners synchronously, in the order in which they were added, and throws what a listener throws.
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
