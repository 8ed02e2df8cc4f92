/** The style of the page: one column on a phone, scalable text, light and dark. */
export const STYLE: string = `
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #4f5861; --paper: #ffffff; --band: #f2f4f6; --line: #c9d0d6; --link: #0b57b8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --quiet: #aab2bb; --paper: #15181c; --band: #20252b; --line: #3b434c; --link: #8ab8ff; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main, header, nav { max-width: 52rem; margin: 0 auto; padding: 0 1rem; }
main { padding-bottom: 4rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; }
h1 { line-height: 1.2; margin: 2rem 0 .5rem; }
h2 { margin: 3rem 0 .5rem; border-top: 1px solid var(--line); padding-top: 1.5rem; }
h3 { margin: 2.5rem 0 .5rem; overflow-wrap: anywhere; }
h4 { margin: 1.25rem 0 .25rem; }
nav ul { padding-left: 1.25rem; }
nav li { margin: .35rem 0; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, "SFMono-Regular", Menlo, monospace; font-size: .9em; }
code { background: var(--band); border-radius: .25rem; padding: .1em .3em; overflow-wrap: anywhere; }
pre { background: var(--band); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; overflow-x: auto; }
pre code { background: none; padding: 0; overflow-wrap: normal; }
.verb { text-transform: uppercase; font-weight: 700; }
.quiet { color: var(--quiet); }
dl { margin: .5rem 0; }
dt { margin-top: .75rem; overflow-wrap: anywhere; }
dt code { font-weight: 700; }
dd { margin: .1rem 0 0 1rem; }
dd p { margin: 0; }
@media (min-width: 40rem) { dd { margin-left: 2rem; } }
@media print { nav, .skip { display: none; } pre { white-space: pre-wrap; } }
`;
