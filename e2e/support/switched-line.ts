/** An address behind which a server can be cut off, or replaced by another, while both ends run. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface SwitchedLine {
  readonly url: string;
  /** Ends current connections; new ones reach this port, or nothing. */
  switchTo(port: number | undefined): void;
  close(): Promise<void>;
}

export async function openSwitchedLine(port: number): Promise<SwitchedLine> {
  let target: number | undefined = port;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    if (target === undefined) {
      near.destroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    join(near, far);
    join(far, near);
  });
  function join(from: Socket, to: Socket): void {
    sockets.add(from);
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const switchTo = (next: number | undefined): void => {
    target = next;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    switchTo,
    close: async () => {
      switchTo(undefined);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
