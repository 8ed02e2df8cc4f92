/**
 * A value that is set once, after those who will read it were made: for parts that need each other.
 *
 * @example
 * const url = new Late<string>('the URL');
 * const links = { publicUrl: () => url.value };
 * url.set(await listen());
 */
export class Late<T> {
  readonly #name: string;
  #set: { readonly value: T } | undefined;

  /** @param name What the value is, for the error of anyone who reads it too early. */
  constructor(name: string) {
    this.#name = name;
  }

  /** @throws Error before the value is set. */
  get value(): T {
    if (this.#set === undefined) throw new Error(`${this.#name} was read before it was set`);
    return this.#set.value;
  }

  /** @throws Error when the value is set already. */
  set(value: T): void {
    if (this.#set !== undefined) throw new Error(`${this.#name} was set twice`);
    this.#set = { value };
  }
}
