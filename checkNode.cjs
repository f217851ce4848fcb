// Plain JavaScript for whatever Node comes: it stands before everything that is TypeScript, which an old one cannot read.
if (!process.features.typescript) {
  console.error(
    `Node ${process.versions.node} is too old: install Node 24, or run "npm ci" without leaving optional packages out, which brings one where there is one for this machine.`,
  );
  process.exit(1);
}
