/** A browser that is logged in to the panel of a test gateway. */
import { issueCode } from '../../src/services/people/panel-access.ts';
import type { Answer, TestGateway } from './test-gateway.ts';

export interface PanelBrowser {
  get(path: string): Promise<Answer>;
  /** Sends a form. `from` is the page that has it. */
  press(from: string, path: string, fields?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Sends a form with a file. */
  upload(from: string, path: string, name: string, file: Uint8Array): Promise<Answer>;
}

/** @param language That the browser asks for. */
export async function panelBrowser(test: TestGateway, language = 'en'): Promise<PanelBrowser> {
  const code = (await issueCode(test.gateway.context)).secret;
  const entered = await test.call('POST', '/panel/login', {
    body: new URLSearchParams({ code }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const own = { cookie, 'accept-language': language };
  const get: PanelBrowser['get'] = (path) => test.call('GET', path, { headers: own });
  const keyOf = async (page: string): Promise<string> =>
    /name="form_key" value="([^"]+)"/.exec((await get(page)).text)?.[1] ?? '';
  return {
    get,
    press: async (from, path, fields = {}) =>
      test.call('POST', path, {
        body: new URLSearchParams({ form_key: await keyOf(from), ...fields }).toString(),
        headers: { ...own, 'content-type': 'application/x-www-form-urlencoded' },
      }),
    upload: async (from, path, name, file) => {
      const head = (field: string, more = ''): string =>
        `------x\r\nContent-Disposition: form-data; name="${field}"${more}\r\n\r\n`;
      const key = await keyOf(from);
      const body = `${head('form_key')}${key}\r\n${head(name, '; filename="logo"')}${Buffer.from(file).toString('latin1')}\r\n------x--\r\n`;
      // Byte for byte: text would be sent in UTF-8.
      const answer = await fetch(test.gateway.url + path, {
        method: 'POST',
        redirect: 'manual',
        body: Buffer.from(body, 'latin1'),
        headers: { ...own, 'content-type': 'multipart/form-data; boundary=----x' },
      });
      return { status: answer.status, headers: answer.headers, text: await answer.text(), body: undefined };
    },
  };
}
