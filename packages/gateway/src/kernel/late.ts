/**
 * A value that is set once, after its readers have been created. Used where two parts need each other.
 *
 * @example
 * const url = new Late<string>('the URL');
 * const links = { publicUrl: () => url.value };
 * url.set(await listen());
 */
export class Late<T> {
  readonly #name: string;
  #set: { readonly value: T } | undefined;

  /** @param name Names the value in the error that an early read throws. */
  constructor(name: string) {
    this.#name = name;
  }

  /** @throws Error if the value has not been set. */
  get value(): T {
    if (this.#set === undefined) throw new Error(`${this.#name} was read before it was set`);
    return this.#set.value;
  }

  /** @throws Error if the value has been set already. */
  set(value: T): void {
    if (this.#set !== undefined) throw new Error(`${this.#name} was set twice`);
    this.#set = { value };
  }
}
