import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request that the test gateway received. */
export interface Seen {
  method: string;
  path: string;
  /** Includes the `?`, or is empty. */
  query: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Answers one request; `count` is 1 for the first request to its path. */
export type Route = (response: ServerResponse, count: number, seen: Seen) => void;

/** A real HTTP server that answers each path as a test defines, and records requests. */
export interface TestGateway {
  baseUrl: string;
  seen: Seen[];
  /** Returns the requests to one path, in sequence. */
  to(path: string): Seen[];
  close(): Promise<void>;
}

/** Starts a gateway on a free loopback port. By default it answers logins and an order. */
export async function startGateway(routes: Readonly<Record<string, Route>> = {}): Promise<TestGateway> {
  const seen: Seen[] = [];
  const to = (path: string): Seen[] => seen.filter((request) => request.path === path);
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = request;
    const { pathname: path, search: query } = new URL(url, 'http://localhost');
    seen.push({ method, path, query, headers, body: await text(request) });
    const route =
      routes[path] ?? DEFAULTS[path] ?? json(404, { error_code: '3001', message: 'no such path', request_id: 'r-404' });
    route(response, to(path).length, to(path).at(-1)!);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}`, seen, to, close: () => close(server) };
}

/** A route that answers JSON. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Route {
  return (response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** A route that answers an error of the contract. */
export function refuse(status: number, errorCode: string, headers: Record<string, string> = {}): Route {
  return json(status, { error_code: errorCode, message: `refused with ${errorCode}`, request_id: `r-${errorCode}` }, headers);
}

/** A route that logs in with a new token each time: `token-1`, `token-2`. */
export function logIn(expiresInS = 3600): Route {
  return (response, count, seen) => {
    const login = { access_token: `token-${count}`, token_type: 'Bearer', expires_in: expiresInS, id_token: 'a.b.c' };
    json(200, login)(response, count, seen);
  };
}

/** A route that gives the answers in sequence, and repeats the last one. */
export function inTurn(...routes: Route[]): Route {
  return (response, count, seen) => routes[Math.min(count, routes.length) - 1]!(response, count, seen);
}

/** A route that closes the connection without an answer. */
export const cut: Route = (response) => response.destroy();

/** A route that closes the connection in the middle of a body. */
export const halfABody: Route = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"uuid":"0b7bd9b9', () => response.destroy());
};

/** A route that sends its headers but never a body. */
export const neverEndingBody: Route = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{');
};

/** A route that never answers. */
export const silence: Route = () => undefined;

/** A page of a proxy. */
export const htmlPage: Route = (response) => {
  response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>');
};

export const ORDER_UUID = '0b7bd9b9-2a4f-4c0e-9f4b-1d9b6f8f2a11';
export const ORDER_PATH: string = `/payment-order/${ORDER_UUID}`;

/** An order, as a read returns it: the fields that the client checks, and an unknown one. */
export const ORDER: object = {
  uuid: ORDER_UUID,
  address: 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx',
  amount: '10.00',
  state: { status: 'pending', blockchain_status: 'pending' },
  a_field_of_the_future: true,
};

/** Returns the answers of a gateway with one order, for a server other than `startGateway`. */
export function sampleAnswer(method: string, path: string): { status: number; body: object } {
  if (path === '/token') return { status: 200, body: { access_token: 'token-1', token_type: 'Bearer', expires_in: 36_000 } };
  if (path === '/payment-order') return { status: 200, body: method === 'POST' ? CREATED : LIST };
  if (path === ORDER_PATH) return { status: 200, body: ORDER };
  return { status: 404, body: { error_code: '3001', message: 'no such order', request_id: 'r-404' } };
}

/** A list of one order. */
export const LIST: object = { total_items: 1, total_pages: 1, paymentorders: [ORDER] };

/** An order, as its creation returns it. */
export const CREATED: object = {
  uuid: ORDER_UUID,
  address: 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx',
  uri: 'bitcoin:tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx?amount=0.00016667',
  amount: 16667,
};

const DEFAULTS: Readonly<Record<string, Route>> = {
  '/token': logIn(),
  '/payment-order': (response, count, seen) => json(200, seen.method === 'GET' ? LIST : CREATED)(response, count, seen),
  [ORDER_PATH]: (response, count, seen) =>
    json(200, seen.method === 'GET' ? ORDER : { cancel_url: 'https://shop.example/cancelled' })(response, count, seen),
  [`${ORDER_PATH}/callbacks`]: json(200, { callbacks: [{ name: 'payment.completed' }] }),
  [`${ORDER_PATH}/test/`]: (response) => response.writeHead(204).end(),
  [`${ORDER_PATH}/test/reset`]: json(200, ORDER),
};

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
