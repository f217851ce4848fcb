/** The page's style, for screens of any width, light and dark, and for paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #f7f7f5; --card: #fff; --text: #1b1e22; --soft: #545b64; --line: #d5d9de;
  --you: #a8200d; --app: #0a58a6; --later: #6d5200; --nobody: #1a6a3a; --track: #e3e6ea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14161a; --card: #1c1f24; --text: #e7e9ec; --soft: #a9b1ba; --line: #363c44;
    --you: #ff9284; --app: #86bdff; --later: #e3c463; --nobody: #7ad69a; --track: #343a42;
  }
}
* { box-sizing: border-box }
body {
  margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 3rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
h1 { font-size: 1.25rem; font-weight: 600; margin: 0 0 .75rem }
h2 { font-size: 1.05rem; margin: 0; display: inline }
h3 { font-size: .9rem; margin: 1rem 0 .25rem }
section > h2 { display: block; margin: 1.5rem 0 .5rem }
p { margin: .4rem 0; max-width: 60rem }
a { color: var(--app) }
:focus-visible { outline: 3px solid var(--app); outline-offset: 2px }
.you { --tone: var(--you); --shape: "▲" / "" } .app { --tone: var(--app); --shape: "◆" / "" }
.later { --tone: var(--later); --shape: "‖" / "" } .waits { --tone: var(--nobody); --shape: "◷" / "" }
.nobody { --tone: var(--nobody); --shape: "✓" / "" }
.headline::before, .counts > li::before, .state::before { content: var(--shape); color: var(--tone); margin-right: .35em }
.headline {
  display: flex; gap: .4rem; font-size: 1.3rem; line-height: 1.4; background: var(--card); max-width: none;
  border: 1px solid var(--line); border-left: .4rem solid var(--tone); border-radius: .4rem; padding: .8rem 1rem; margin: 0 0 .75rem;
}
.counts { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; list-style: none; margin: .75rem 0; padding: 0 }
.state { color: var(--tone) }
.name > :first-child { font-weight: 600 }
.age, footer, .legend, .name > :last-child:not(:first-child) { color: var(--soft) }
.age, footer, .why, dl, table, .legend { font-size: .9rem }
search { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem; margin: 1rem 0 }
search[hidden], [hidden] { display: none }
input {
  font: inherit; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: .3rem;
  padding: .35rem .6rem; width: 24rem; max-width: 100%;
}
.group { margin: 1.5rem 0 0 }
.group:not([open]) { margin-top: .4rem }
.group > summary { cursor: pointer; padding: .25rem 0 }
.group > summary > span { color: var(--soft); font-size: .9rem; margin-left: .5rem }
.runtimes { list-style: none; margin: .4rem 0 0; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: .4rem }
.runtimes > li { border-left: .4rem solid var(--tone); padding: .5rem 1rem }
.runtimes > li + li { border-top: 1px solid var(--line) }
.runtimes > li:first-child { border-top-left-radius: .3rem } .runtimes > li:last-child { border-bottom-left-radius: .3rem }
.runtimes > .you { padding-bottom: .8rem }
.line {
  display: grid; grid-template-columns: 12rem minmax(9rem, 1fr) 12rem 7rem 9rem 11rem; gap: .1rem 1rem; align-items: center;
  padding-right: 1.25rem;
  font-size: .95rem; line-height: 1.35;
}
summary { cursor: pointer }
summary:hover { text-decoration: underline; text-decoration-color: var(--soft) }
summary.line::after { content: "▸"; color: var(--soft); position: absolute; right: 0 }
details[open] > summary.line::after { content: "▾" }
.runtimes details { position: relative }
details[open] > .line { margin-bottom: .6rem }
.state { font-weight: 600 }
.bar { width: 100%; height: .5rem; background: var(--track); overflow: visible }
.bar > rect { height: 100%; fill: var(--app) } .bar > .late { fill: var(--later) }
.bar > .mark { width: 2px; height: .9rem; y: -.2rem; fill: var(--text) }
dl { margin: .75rem 0; display: grid; gap: .2rem }
dl > div { display: grid; grid-template-columns: 9rem 1fr; gap: 0 1rem }
dt { color: var(--soft) } dd { margin: 0 }
.why { border-left: 2px solid var(--line); padding-left: .75rem }
.wide { overflow-x: auto; overflow-wrap: normal }
time { white-space: nowrap }
table { border-collapse: collapse; min-width: 100% }
th, td { text-align: left; vertical-align: top; font-weight: normal; padding: .25rem 1rem .25rem 0; border-top: 1px solid var(--line) }
td, tbody th { min-width: 7rem; max-width: 22rem; overflow-wrap: anywhere }
thead th { color: var(--soft); border: 0 }
.points { display: block; width: 100%; max-width: 38rem; height: auto; fill: var(--app); stroke: var(--app); stroke-width: 2; margin: .25rem 0 0 }
.points > path:first-child { stroke: var(--line) }
.points .off { fill: var(--card) }
.legend { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; max-width: 38rem; margin: 0 0 .5rem }
footer { margin-top: 2rem }
@media (max-width: 62rem) {
  .line { grid-template-columns: 1fr 1fr }
}
@media (max-width: 32rem) {
  .headline { font-size: 1.1rem }
  .line, dl > div { grid-template-columns: 1fr }
  .line > i { display: none }
  thead { display: none }
  tbody, tr, td, tbody th { display: block; max-width: none; border: 0; padding: 0 }
  tr { border-top: 1px solid var(--line); padding: .4rem 0 }
  tbody th { font-weight: 600 }
  td::before { color: var(--soft) }
  td > br { display: none } td time::before { content: "·"; margin: 0 .3em }
  .nodes td:nth-child(4)::before { content: "Registered " } .nodes td:nth-child(5)::before { content: "Connected " }
  .nodes td:nth-child(6)::before { content: "Version " } .nodes td:nth-child(3)::before { content: "Uses " }
  .versions td { display: inline } .versions td + td::before { content: "·"; margin: 0 .3em }
  time { white-space: normal }
}
@media print {
  :root { color-scheme: light; --back: #fff; --card: #fff; --text: #000; --soft: #444; --line: #999; --track: #ddd; --you: #a8200d; --app: #0a58a6; --later: #6d5200; --nobody: #1a6a3a }
  html { font-size: 9pt }
  body { max-width: none; padding: 0 }
  search { display: none }
  details::details-content { content-visibility: visible; display: block; block-size: auto }
  .runtimes > li { break-inside: avoid-page }
  .wide { overflow: visible }
}
`;
