/**
 * The parts of Node's built-in modules that the transport uses. They are described here and asked for at run time, so that
 * the library compiles without the types of Node, and a bundle holds no import of a module that its place may not have.
 */
import { ConfigurationError } from '../errors/configuration-error.ts';

/** What is given to `request`, and by it to an agent. */
export interface RequestOptions {
  protocol: string;
  hostname: string;
  port: string;
  path: string;
  method: string;
  /** By name, or names and values in turn. */
  headers: Readonly<Record<string, string>> | readonly string[];
  agent?: NodeAgent | false;
  signal?: AbortSignal | undefined;
  timeout?: number;
  /** Node does not know it, and hands it on to `createConnection` with the rest. */
  tunnelSignal?: AbortSignal;
}

/** How an agent's connections are made. */
export interface TlsOptions {
  rejectUnauthorized?: boolean;
  ca?: string | readonly string[];
}

/** What `createConnection` of an agent is given. */
export interface ConnectionOptions extends TlsOptions {
  host: string;
  port: number | string;
  servername?: string;
  tunnelSignal?: AbortSignal;
}

/** An agent of `node:http` or `node:https`. */
export interface NodeAgent {
  /** The connections that wait for a request, by host. */
  readonly freeSockets?: Readonly<Record<string, readonly Socket[] | undefined>>;
  createConnection?: (options: ConnectionOptions, done: (error: Error | null, socket?: Socket) => void) => void;
}

/** A connection. */
export interface Socket {
  destroy(): void;
}

/** A request under way. */
export interface ClientRequest {
  /** True when it goes over a connection that served another before. */
  readonly reusedSocket: boolean;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'timeout', listener: () => void): void;
  on(event: 'connect', listener: (response: IncomingMessage, socket: Socket) => void): void;
  end(body?: Uint8Array): void;
  destroy(error?: Error): void;
}

/** An answer, before its body. */
export interface IncomingMessage {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  on(event: 'data', listener: (chunk: Uint8Array) => void): void;
  on(event: 'end', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  destroy(): void;
}

/** The built-in modules by their names. */
export interface BuiltIns {
  'node:http': HttpModule;
  'node:https': HttpModule;
  'node:tls': { connect(options: object): Socket };
}

/** `node:http` or `node:https`. */
export interface HttpModule {
  request(options: RequestOptions, onResponse?: (response: IncomingMessage) => void): ClientRequest;
  Agent: new (options: TlsOptions & { keepAlive: boolean; timeout: number }) => NodeAgent;
}

/**
 * Gives a built-in module.
 *
 * @throws ConfigurationError where the runtime has none.
 */
export function builtIn<Name extends keyof BuiltIns>(name: Name): BuiltIns[Name] {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  const found = process?.getBuiltinModule?.(name);
  if (found === undefined) throw new ConfigurationError('http', `a runtime with ${name}`, 'one without');
  return found as BuiltIns[Name];
}
