/** A right that was taken away: an RBAC action, or several by a `*` at the end, everywhere or below one resource. */
export interface Denial {
  action: string;
  /** Beginning of the resources that it covers: an ARM id, a vault's or a secret's URL. Empty: all. */
  scope: string;
}

/** What the app's identity may do: everything that is not denied. */
export function deny(denials: Denial[], action: string, scope = ""): void {
  denials.push({ action, scope });
}

/** Gives a right back that {@link deny} took, in every scope. */
export function allow(denials: Denial[], action: string): void {
  const kept = denials.filter((denial) => denial.action.toLowerCase() !== action.toLowerCase());
  denials.splice(0, denials.length, ...kept);
}

export function isDenied(denials: readonly Denial[], action: string, resource: string): boolean {
  return denials.some(
    (denial) =>
      covers(denial.action.toLowerCase(), action.toLowerCase()) &&
      resource.toLowerCase().startsWith(denial.scope.toLowerCase()),
  );
}

function covers(pattern: string, action: string): boolean {
  return pattern.endsWith("*") ? action.startsWith(pattern.slice(0, -1)) : pattern === action;
}
