/** @jsxRuntime automatic @jsxImportSource preact */
import { renderDocument } from '../frame/panel-page.tsx';

export interface LoginView {
  basePath: string;
  /** Whether a code was entered that is invalid. */
  isWrong: boolean;
}

/** Renders the login page, which asks for the code that `webpos panel login` prints. */
export function renderLoginPage({ basePath, isWrong }: LoginView): string {
  return renderDocument({
    title: 'Log in',
    basePath,
    children: (
      <main>
        <section class="card login" aria-labelledby="login">
          <h1 id="login">WebPOS panel</h1>
          {isWrong && (
            <p class="note bad" role="alert" id="wrong">
              Wrong or expired code. A code works once, for 10 minutes. Make a new one.
            </p>
          )}
          <form method="post" action={`${basePath}/panel/login`}>
            <label for="code">Code</label>
            <input
              id="code"
              name="code"
              required
              maxLength={40}
              autocomplete="one-time-code"
              autocapitalize="characters"
              spellcheck={false}
              placeholder="7K2Q-9XFM-2TRC"
              aria-describedby={isWrong ? 'wrong how' : 'how'}
            />
            <button type="submit">Log in</button>
          </form>
          <p class="hint" id="how">
            To get a code, run <code>webpos panel login</code> on the gateway’s machine; in a clone of the repository,{' '}
            <code>npm run webpos -- panel login</code>.
          </p>
        </section>
      </main>
    ),
  });
}
