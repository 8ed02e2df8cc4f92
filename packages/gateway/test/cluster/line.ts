/** A TCP proxy in front of a server, for one client process: a network cable that can be pulled, and worse. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * `cut`: connections are reset, and new ones too. `stalled`: nothing passes in either direction, and nobody is notified, as when a
 * firewall drops everything. `deaf`: requests still pass, but answers do not.
 */
export type LineState = 'open' | 'cut' | 'stalled' | 'deaf';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

export class Line implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #pairs = new Set<Pair>();
  #state: LineState = 'open';

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (near) => this.#join(near));
  }

  static async open(targetPort: number): Promise<Line> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Line(server, targetPort);
  }

  /** What was held back while the line was stalled or deaf passes when it is open again. */
  set(state: LineState): void {
    this.#state = state;
    for (const pair of this.#pairs) {
      if (state === 'cut') reset(pair);
      else this.#hold(pair);
    }
  }

  #join(near: Socket): void {
    if (this.#state === 'cut') {
      near.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const pair = { near, far: connect(this.#targetPort, '127.0.0.1') };
    this.#pairs.add(pair);
    this.#carry(pair, near, pair.far);
    this.#carry(pair, pair.far, near);
    this.#hold(pair);
  }

  #carry(pair: Pair, from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      if (!to.write(bytes)) from.pause();
    });
    to.on('drain', () => this.#hold(pair));
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      if (pair.near.destroyed && pair.far.destroyed) this.#pairs.delete(pair);
      else to.end();
    });
  }

  #hold({ near, far }: Pair): void {
    const holds = (socket: Socket, held: boolean): void => void (held ? socket.pause() : socket.resume());
    holds(near, this.#state === 'stalled');
    holds(far, this.#state === 'stalled' || this.#state === 'deaf');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.set('cut');
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function reset({ near, far }: Pair): void {
  near.resetAndDestroy();
  far.resetAndDestroy();
}
