const MOVES = [
  ["PT1H", "1 hour"],
  ["P1D", "1 day"],
  ["P7D", "1 week"],
  ["P31D", "31 days"],
] as const;

/** The page that moves the local Azure. It needs no script. */
export function leversPage(now: Date, status: string): string {
  const button = (action: string, text: string) =>
    `<form method="post" action="${action}"><button>${text}</button></form>`;
  const moves = MOVES.map(([advance, text]) => button(`/local/clock?advance=${advance}`, text)).join("\n");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The local Azure</title>
<style>
  :root { color-scheme: light dark }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
  form { display: inline-block } button { font: inherit; padding: .3rem .8rem }
</style>
<h1>The local Azure</h1>
<p>It is ${now.toISOString().slice(0, 16).replace("T", " ")} UTC here. <a href="${status}">How every runtime stands</a>, up to a minute ago.</p>
<h2>Let time pass</h2>
<p>The timer ticks once at the end.</p>
${moves}
<h2>Heal the nodes</h2>
<p>What the node script does: every node takes the key that the vault names.</p>
${button("/local/nodes", "Run the node script on every node")}
</html>
`;
}
