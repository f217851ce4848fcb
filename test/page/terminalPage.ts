import { html, raw } from "hono/html";

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a terminal is told of them
const COLOUR = /\u001b\[(\d+)m/;

/** Of the styles that local/style.ts uses: where each begins, and where it ends. */
const STYLES: Readonly<Record<string, string>> = {
  1: '<b class="bold">',
  2: '<b class="dim">',
  31: '<b class="red">',
  32: '<b class="green">',
  33: '<b class="yellow">',
  22: "</b>",
  39: "</b>",
};

const STYLE = `
body { margin: 0; background: #16181c; color: #dfe2e6; font: 13px/1.4 "DejaVu Sans Mono", monospace }
header { background: #24272d; color: #a9b1ba; padding: .4rem 1rem }
pre { margin: 0; padding: .8rem 1rem 1rem; font: inherit }
b { font-weight: normal } .bold { font-weight: bold } .dim { color: #9097a0 }
.red { color: #ff8a80 } .green { color: #7ad69a } .yellow { color: #ecc95c }
`;

/** A page that shows what a command printed, with its colours. */
export function terminalPage(command: string, text: string): string {
  const parts = text.split(COLOUR);
  const spans = parts.map((part, index) => (index % 2 === 0 ? part : raw(STYLES[part] ?? "")));
  return html`<!doctype html><meta charset="utf-8"><style>${raw(STYLE)}</style><header>$ ${command}</header><pre>${spans}</pre>`.toString();
}
