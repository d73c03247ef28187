/** What went wrong while connecting Schwab, and what to do about it: one entry for every code of the API. */
import type { OAuthReason } from "../api/wire";

export type Advice = { what: string; todo: string };

export const OAUTH_REASONS: Record<OAuthReason, Advice> = {
  denied: {
    what: "The sign-in at Schwab was cancelled.",
    todo: "Connect again, tick the accounts that Thor may read, and allow the access.",
  },
  state_unknown: {
    what: "This answer from Schwab does not belong to a sign-in that was started here.",
    todo: "Start again with Connect Schwab, in this same browser.",
  },
  state_expired: {
    what: "The sign-in took longer than ten minutes.",
    todo: "Connect again and finish within ten minutes.",
  },
  state_missing: {
    what: "The answer from Schwab came without its security mark.",
    todo: "Connect again. When pasting, copy the whole address, up to its last character.",
  },
  code_missing: {
    what: "The answer from Schwab came without a code.",
    todo: "Connect again. When pasting, copy the whole address, up to its last character.",
  },
  code_expired: {
    what: "Schwab's code had run out; it lives for 30 seconds.",
    todo: "Connect again. When pasting, do it at once.",
  },
  code_refused: {
    what: "Schwab refused the code; it works only once.",
    todo: "Connect again, and do not reload Schwab's last page.",
  },
  client_refused: {
    what: "Schwab refused Thor's app key or secret.",
    todo: "Compare SCHWAB_CLIENT_ID and SCHWAB_CLIENT_SECRET with the app in Schwab's developer portal, then restart Thor.",
  },
  redirect_refused: {
    what: "Schwab refused the callback address.",
    todo: "Make SCHWAB_CALLBACK_URL the same as in Schwab's developer portal, to the last slash, then restart Thor.",
  },
  schwab_unreachable: {
    what: "Schwab did not answer.",
    todo: "Nothing is wrong here. Wait a few minutes and connect again.",
  },
  schwab_odd_answer: {
    what: "Schwab answered with something that cannot be read.",
    todo: "Wait a few minutes and connect again. If it stays, Schwab may be under maintenance.",
  },
  app_not_configured: {
    what: "Thor has no Schwab app to sign in with.",
    todo: "Set SCHWAB_CLIENT_ID and SCHWAB_CLIENT_SECRET, then restart Thor.",
  },
  encryption_key: {
    what: "Thor cannot store the login, because its encryption key is missing or unusable.",
    todo: "Set TOKEN_ENCRYPTION_KEYS to a valid key, restart Thor, and connect again.",
  },
  not_signed_in: {
    what: "The login to Thor had ended when Schwab answered.",
    todo: "Sign in to Thor, then connect again.",
  },
  address_unreadable: {
    what: "That does not look like the address Schwab sent the browser to.",
    todo: "Copy the whole address bar of the page that did not open; it holds “code=” and “state=”.",
  },
};

export function oauthAdvice(code: string): Advice {
  if (Object.hasOwn(OAUTH_REASONS, code)) return OAUTH_REASONS[code as OAuthReason];
  return { what: "Connecting Schwab did not work.", todo: "Connect again." };
}

export type OAuthResult = { kind: "connected" } | { kind: "error"; advice: Advice };

/** Reads what the callback left in the address. */
export function readOAuthResult(search: string): OAuthResult | null {
  const params = new URLSearchParams(search);
  const result = params.get("schwab");
  if (result === "connected") return { kind: "connected" };
  if (result === "error") return { kind: "error", advice: oauthAdvice(params.get("reason") ?? "") };
  return null;
}

/** The address without the callback's words, or the place that was kept from before it. */
export function withoutOAuthResult(search: string, kept: string): string {
  const params = new URLSearchParams(search);
  if (!params.has("schwab")) return search;
  params.delete("schwab");
  params.delete("reason");
  const text = params.toString().replaceAll("%2C", ",");
  return text === "" ? kept : `?${text}`;
}
