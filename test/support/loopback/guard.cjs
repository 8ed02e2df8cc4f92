/**
 * Keeps a Node process, and all Node processes that it starts, on the loopback interface. A connection, a datagram or a name
 * look-up that would leave it fails with LoopbackGuardError and is recorded in the file named by LOOPBACK_GUARD_LOG, so that a
 * test fails even if the code under test catches the error.
 *
 * Names that can never exist (RFC 2606 and RFC 6761: `.invalid`, `.example`, `.test`) are answered with ENOTFOUND here, without a
 * query. npm itself is exempt, because it installs packages.
 *
 * CommonJS, because it is preloaded with `--require` into every version of Node that the tests use.
 */
'use strict';
const childProcess = require('node:child_process');
const dgram = require('node:dgram');
const dns = require('node:dns');
const { appendFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const net = require('node:net');
const { basename } = require('node:path');

const INSTALLED = Symbol.for('webpos.loopback-guard');
const PACKAGE_CLIENTS = new Set(['npm-cli.js', 'npx-cli.js', 'npm', 'npx']);
const RESERVED = /(?:^|\.)(?:invalid|example|test)\.?$/i;
const LOCAL_NAME = /^(?:localhost|.+\.localhost)\.?$/i;

class LoopbackGuardError extends Error {
  constructor(what) {
    super(`a test must not leave the loopback interface: ${what}`);
    this.name = 'LoopbackGuardError';
    this.code = 'ELOOPBACKGUARD';
  }
}

function violation(what) {
  const error = new LoopbackGuardError(what);
  const log = process.env.LOOPBACK_GUARD_LOG;
  if (log) appendFileSync(log, `${process.pid} ${basename(process.argv[1] ?? 'node')}: ${what}\n${error.stack}\n`);
  return error;
}

function isLoopback(address) {
  const bare = address.toLowerCase().replace(/%.*$/, '');
  if (net.isIPv4(bare)) return bare.startsWith('127.') || bare === '0.0.0.0';
  return bare === '::1' || bare === '::' || bare.startsWith('::ffff:127.');
}

/** Returns what is wrong with a host; undefined if nothing is. A name is judged by its look-up. */
function strayAddress(host) {
  return net.isIP(host) && !isLoopback(host) ? host : undefined;
}

function isQueried(name) {
  return !net.isIP(name) && !LOCAL_NAME.test(name);
}

function notFound(name, syscall) {
  const error = new Error(`${syscall} ENOTFOUND ${name}`);
  return Object.assign(error, { code: 'ENOTFOUND', errno: -3008, syscall, hostname: name });
}

/** Returns the error that answers a look-up of this name; undefined if the system may answer it. */
function refusedLookup(name, syscall) {
  if (typeof name !== 'string' || name === '' || !isQueried(name)) return undefined;
  return RESERVED.test(name) ? notFound(name, syscall) : violation(`look-up of ${name}`);
}

function guardSockets() {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function guardedConnect(...args) {
    // Node passes its own normalised arguments as one array.
    const first = Array.isArray(args[0]) ? args[0][0] : args[0];
    const options = typeof first === 'object' && first !== null ? first : { port: first, host: args[1] };
    if (options.path === undefined && typeof options.host === 'string') {
      const stray = strayAddress(options.host);
      if (stray !== undefined) {
        const error = violation(`connection to ${stray} port ${options.port}`);
        process.nextTick(() => this.destroy(error));
        return this;
      }
    }
    if (typeof options.lookup === 'function') {
      const lookup = options.lookup;
      options.lookup = (name, how, done) =>
        lookup(name, how, (error, address, family) => {
          const addresses = Array.isArray(address) ? address.map((each) => each.address) : [address];
          const stray = error ? undefined : addresses.find((each) => typeof each === 'string' && strayAddress(each));
          if (stray !== undefined) return done(violation(`connection to ${name} at ${stray}`), address, family);
          return done(error, address, family);
        });
    }
    return connect.apply(this, args);
  };

  const send = dgram.Socket.prototype.send;
  dgram.Socket.prototype.send = function guardedSend(...args) {
    for (const arg of args) if (typeof arg === 'string' && strayAddress(arg)) throw violation(`datagram to ${arg}`);
    return send.apply(this, args);
  };
  const connectDatagrams = dgram.Socket.prototype.connect;
  dgram.Socket.prototype.connect = function guardedDatagramConnect(port, address, ...rest) {
    if (typeof address === 'string' && strayAddress(address)) throw violation(`datagram to ${address}`);
    return connectDatagrams.call(this, port, address, ...rest);
  };
}

function guardLookups() {
  const lookup = dns.lookup;
  dns.lookup = function guardedLookup(name, ...rest) {
    const done = rest.at(-1);
    const refused = typeof done === 'function' ? refusedLookup(name, 'getaddrinfo') : undefined;
    if (refused === undefined) return lookup.call(this, name, ...rest);
    process.nextTick(done, refused);
    return {};
  };
  // `util.promisify(dns.lookup)` resolves to an object, through this symbol.
  const { promisify } = require('node:util');
  if (lookup[promisify.custom] !== undefined) dns.lookup[promisify.custom] = lookup[promisify.custom];

  const promised = dns.promises.lookup;
  dns.promises.lookup = async function guardedPromisedLookup(name, ...rest) {
    const refused = refusedLookup(name, 'getaddrinfo');
    if (refused !== undefined) throw refused;
    return promised.call(this, name, ...rest);
  };
  const callBack = (refused, args) => process.nextTick(args.at(-1), refused);
  const reject = async (refused) => {
    throw refused;
  };
  guardQueries(dns, callBack);
  guardQueries(dns.Resolver.prototype, callBack);
  guardQueries(dns.promises, reject);
  guardQueries(dns.promises.Resolver.prototype, reject);
}

/** Every `resolve…` and `reverse` asks a server in the network. */
function guardQueries(owner, refuse) {
  for (const key of Object.getOwnPropertyNames(owner)) {
    if (!/^(?:resolve|reverse)/.test(key) || typeof owner[key] !== 'function') continue;
    owner[key] = (...args) => {
      const refused = RESERVED.test(String(args[0])) ? notFound(args[0], key) : violation(`${key} of ${args[0]}`);
      return refuse(refused, args);
    };
  }
}

/** Passes the guard on to children whose environment a test has built. */
function guardChildren() {
  const preload = `--require=${JSON.stringify(__filename)}`;
  const complete = (options) => {
    const env = { ...(options.env ?? process.env) };
    if (!(env.NODE_OPTIONS ?? '').includes(__filename)) env.NODE_OPTIONS = `${env.NODE_OPTIONS ?? ''} ${preload}`.trim();
    env.LOOPBACK_GUARD_LOG ??= process.env.LOOPBACK_GUARD_LOG;
    if (env.LOOPBACK_GUARD_LOG === undefined) delete env.LOOPBACK_GUARD_LOG;
    return { ...options, env };
  };
  const start = childProcess.ChildProcess.prototype.spawn;
  childProcess.ChildProcess.prototype.spawn = function guardedSpawn(options) {
    const pairs = options.envPairs ?? [];
    const named = (name) => pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
    const { env } = complete({ env: { NODE_OPTIONS: named('NODE_OPTIONS'), LOOPBACK_GUARD_LOG: named('LOOPBACK_GUARD_LOG') } });
    const others = pairs.filter((pair) => !/^(?:NODE_OPTIONS|LOOPBACK_GUARD_LOG)=/.test(pair));
    const ours = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    return start.call(this, { ...options, envPairs: [...others, ...ours] });
  };
  for (const name of ['spawnSync', 'execFileSync']) {
    const original = childProcess[name];
    childProcess[name] = (file, ...rest) => {
      const args = Array.isArray(rest[0]) ? rest[0] : [];
      const options = (Array.isArray(rest[0]) ? rest[1] : rest[0]) ?? {};
      return original(file, args, complete(options));
    };
  }
  const execSync = childProcess.execSync;
  childProcess.execSync = (command, options) => execSync(command, complete(options ?? {}));
}

if (!globalThis[INSTALLED] && !PACKAGE_CLIENTS.has(basename(process.argv[1] ?? ''))) {
  globalThis[INSTALLED] = true;
  guardSockets();
  guardLookups();
  guardChildren();
  syncBuiltinESMExports();
}
