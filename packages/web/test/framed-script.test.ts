/** `framed.js` in a browser that does not name the parent's origin: which origins it sends to, and which it accepts. */
import { Script, createContext } from 'node:vm';
import { beforeEach, describe, expect, it } from 'vitest';
import { framedJs } from '../src/asset-files.ts';

const SHOP = 'https://shop.example';
const OTHER = 'https://other.example';

/** A timer that fires at once. */
function atOnce(run: () => void): number {
  run();
  return 1;
}

interface CachedText {
  readonly message: Readonly<Record<string, unknown>>;
  readonly target: string;
}

describe('a page in a frame', () => {
  let reported: CachedText[];
  let main: { dataset: Record<string, string> };
  let hear: (event: { source: unknown; origin: string; data: unknown }) => void;
  let mutated: () => void;
  const parent = { postMessage: (message: CachedText['message'], target: string) => void reported.push({ message, target }) };

  /** @param location The browser's `location`. */
  function load(location: object = {}): void {
    const listeners: Record<string, (event: never) => void> = {};
    const document = {
      documentElement: { dataset: { paymentId: 'p-1', origins: `${OTHER} ${SHOP}`, words: '{"title":"Pay"}' } },
      body: { getBoundingClientRect: () => ({ height: 600.4 }) },
      querySelector: () => main,
      querySelectorAll: () => [],
      addEventListener: () => undefined,
    };
    class Observer {
      readonly observe = (): void => undefined;
      constructor(callback: () => void) {
        mutated = callback;
      }
    }
    const window = { addEventListener: (type: string, listener: (event: never) => void) => void (listeners[type] = listener) };
    const world = {
      document,
      location,
      parent,
      window,
      MutationObserver: Observer,
      ResizeObserver: class {
        observe(): void {}
      },
    };
    new Script(framedJs).runInContext(createContext({ ...world, setTimeout: atOnce, clearTimeout: () => undefined }));
    hear = listeners['message'] as typeof hear;
  }

  beforeEach(() => {
    reported = [];
    main = { dataset: { status: 'pending', blockchainStatus: 'pending' } };
  });

  it('sends to each listed origin by name, and never to *', () => {
    load();
    expect(reported.map(({ message, target }) => [message['type'], target])).toEqual(
      ['ready', 'state', 'size'].flatMap((type) => [
        [type, OTHER],
        [type, SHOP],
      ]),
    );
    for (const { message } of reported) expect(message).toMatchObject({ webpos: 1, paymentId: 'p-1' });
    expect(reported.at(-1)?.message).toMatchObject({ height: 601 });
  });

  it.each([
    ['only its parent, where the browser says who that is', { ancestorOrigins: [SHOP, OTHER] }, [SHOP]],
    ['nobody, where that is not listed', { ancestorOrigins: ['https://evil.example', SHOP] }, []],
  ])('tells %s', (_what, location, targets) => {
    load(location);
    expect([...new Set(reported.map(({ target }) => target))]).toEqual(targets);
  });

  const hello = { webpos: 1, type: 'hello' };

  it('sends only to the origin that has answered', () => {
    load();
    hear({ source: parent, origin: SHOP, data: hello });
    reported = [];
    main.dataset['blockchainStatus'] = 'partial';
    mutated();
    expect(reported).toEqual([
      {
        target: SHOP,
        message: { webpos: 1, type: 'state', paymentId: 'p-1', status: 'pending', blockchainStatus: 'partial', underWay: true },
      },
    ]);
  });

  it.each([
    ['an origin that is not listed', { source: parent, origin: 'https://evil.example', data: hello }],
    ['a window that is not its parent', { source: {}, origin: SHOP, data: hello }],
    ['another version', { source: parent, origin: SHOP, data: { ...hello, webpos: 2 } }],
    ['nothing', { source: parent, origin: SHOP, data: null }],
  ])('accepts no answer from %s', (_what, event) => {
    load();
    hear(event);
    reported = [];
    main.dataset['blockchainStatus'] = 'partial';
    mutated();
    expect(reported.map(({ target }) => target)).toEqual([OTHER, SHOP]);
  });

  it('reports once that it is done, with the URL to go to', () => {
    main = { dataset: { status: 'paid', blockchainStatus: 'paid', leave: 'https://shop.example/thanks', leaveAfter: '3' } };
    load({ ancestorOrigins: [SHOP] });
    mutated();
    expect(reported.filter(({ message }) => message['type'] === 'done').map(({ message }) => message['url'])).toEqual([
      main.dataset['leave'],
    ]);
  });
});
