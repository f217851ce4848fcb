import { randomBytes } from "node:crypto";
import { PRINCIPAL } from "./model/tenant.ts";

interface Token {
  /** Whose it is. */
  principal: string;
  audience: string;
  /** Milliseconds since 1970, real time: an SDK caches a token by the clock of its own process. */
  expiresAt: number;
}

/** Why a request's token does not open a service. */
export type TokenProblem =
  | { reason: "missing" | "unknown" }
  | { reason: "expired"; expiresAt: number }
  | { reason: "audience"; audience: string };

/** The access tokens that the identity endpoint handed out. */
export class Tokens {
  readonly #tokens = new Map<string, Token>();

  issue(
    audience: string,
    lifetimeSeconds: number,
    principal = PRINCIPAL,
  ): { token: string; expiresAt: number } {
    const token = `FAKE.${randomBytes(24).toString("base64url")}`;
    const expiresAt = Date.now() + lifetimeSeconds * 1000;
    this.#tokens.set(token, { principal, audience, expiresAt });
    return { token, expiresAt };
  }

  /** Whose token a request shows; `undefined` where it shows none, or one that nobody handed out. */
  principal(authorization: string | undefined): string | undefined {
    return this.#tokens.get(bearer(authorization) ?? "")?.principal;
  }

  /** `authorization`: the header; `audiences`: those that the service takes. `undefined`: all is well. */
  problem(authorization: string | undefined, audiences: readonly string[]): TokenProblem | undefined {
    const value = bearer(authorization);
    if (value === undefined) return { reason: "missing" };
    const token = this.#tokens.get(value);
    if (token === undefined) return { reason: "unknown" };
    if (token.expiresAt <= Date.now()) return { reason: "expired", expiresAt: token.expiresAt };
    if (!audiences.includes(token.audience)) return { reason: "audience", audience: token.audience };
    return undefined;
  }
}

function bearer(authorization: string | undefined): string | undefined {
  return /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
}
