/** What `/shop.css` serves. */
export const css: string = `:root {
  color-scheme: light dark;
  --ground: #f3f2ee; --card: #fff; --ink: #1c1d1b; --quiet: #565850; --line: #deddd6; --accent: #0c5a46; --on-accent: #fff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #111312; --card: #1b1e1c; --ink: #eeeeea; --quiet: #b0b3aa; --line: #343833; --accent: #86dcbd; --on-accent: #06281e;
  }
}
* { box-sizing: border-box; }
body { max-width: 52rem; margin: 0 auto; padding: 1.25rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
header { padding-bottom: 0.75rem; border-bottom: 1px solid var(--line); font-weight: 650; }
header a { color: inherit; text-decoration: none; }
h1 { margin: 2rem 0 1rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 0; font-size: 1.125rem; }
p { margin: 0 0 1rem; }
a { color: var(--accent); }
ul { display: grid; margin: 0 0 1rem; padding: 0; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); list-style: none; }
li { display: flex; flex-direction: column; padding: 1.25rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--card); }
li p { flex: 1; color: var(--quiet); }
form { display: flex; align-items: center; justify-content: space-between; }
form strong { font-size: 1.125rem; font-variant-numeric: tabular-nums; }
button { min-height: 2.75rem; padding: 0 1.5rem; border: 0; border-radius: 0.625rem; background: var(--accent); color: var(--on-accent); font: 600 1rem system-ui, sans-serif; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.note { color: var(--quiet); }
.unseen { position: absolute; overflow: hidden; width: 1px; height: 1px; clip-path: inset(50%); white-space: nowrap; }
`;
