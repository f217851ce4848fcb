/** The settings with the client ids of identities that are made only with them: a snapshot has an expression there. */
export const deployed = (settings: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      value.replace(/^\[reference\(.*\)\.clientId\]$/, "99999999-0000-0000-0000-000000000000"),
    ]),
  );
