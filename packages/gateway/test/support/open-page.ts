import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';

/** An open page as its event stream sees it. */
export class OpenPage extends EventEmitter {
  readonly writableLength = 0;
  #text = '';

  /** To pass to `OrderStreams.add`. */
  get response(): ServerResponse {
    return this as unknown as ServerResponse;
  }

  /** How often it was told that its order has changed. */
  get changes(): number {
    return this.#text.split('event: change\n').length - 1;
  }

  write(text: string): void {
    this.#text += text;
  }

  end(): void {
    this.emit('close');
  }
}
