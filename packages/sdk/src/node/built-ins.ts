/**
 * The parts of Node's built-in modules that the transport uses. They are declared here and loaded at run time, so that the
 * library compiles without the types of Node, and bundles import no module that may be missing at run time.
 */
import { ConfigurationError } from '../errors/configuration-error.ts';

/** The options of `request`, which it passes on to the agent. */
export interface RequestOptions {
  protocol: string;
  hostname: string;
  port: string;
  path: string;
  method: string;
  /** An object, or names and values alternating. */
  headers: Readonly<Record<string, string>> | readonly string[];
  agent?: NodeAgent | false;
  signal?: AbortSignal | undefined;
  timeout?: number;
  /** Unknown to Node, which passes it on to `createConnection`. */
  tunnelSignal?: AbortSignal;
}

/** How an agent's connections are made. */
export interface TlsOptions {
  rejectUnauthorized?: boolean;
  ca?: string | readonly string[];
}

/** The argument of an agent's `createConnection`. */
export interface ConnectionOptions extends TlsOptions {
  host: string;
  port: number | string;
  servername?: string;
  tunnelSignal?: AbortSignal;
}

/** An agent of `node:http` or `node:https`. */
export interface NodeAgent {
  /** Idle connections, by host. */
  readonly freeSockets?: Readonly<Record<string, readonly Socket[] | undefined>>;
  createConnection?: (options: ConnectionOptions, done: (error: Error | null, socket?: Socket) => void) => void;
}

/** A connection. */
export interface Socket {
  destroy(): void;
}

/** A request under way. */
export interface ClientRequest {
  /** True if its connection has served another request before. */
  readonly reusedSocket: boolean;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'timeout', listener: () => void): void;
  on(event: 'connect', listener: (response: IncomingMessage, socket: Socket) => void): void;
  end(body?: Uint8Array): void;
  destroy(error?: Error): void;
}

/** An answer whose body has not been read. */
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
 * Loads a built-in module.
 *
 * @throws ConfigurationError if the runtime does not have it.
 */
export function builtIn<Name extends keyof BuiltIns>(name: Name): BuiltIns[Name] {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  const found = process?.getBuiltinModule?.(name);
  if (found === undefined) throw new ConfigurationError('http', `a runtime with ${name}`, 'one without');
  return found as BuiltIns[Name];
}
