/** The way to Schwab's sign-in; the view is kept in the meantime, since the callback leads back to the bare page. */
import type { ReactNode } from "react";
import { OAUTH_START } from "../api/endpoints";

const KEPT = "thor.place";

type ConnectLinkProps = { primary?: boolean; children: ReactNode };

export function ConnectLink({ primary = false, children }: ConnectLinkProps): ReactNode {
  return (
    <a className={primary ? "button primary" : "button"} href={OAUTH_START} onClick={keepPlace}>
      {children}
    </a>
  );
}

function keepPlace(): void {
  try {
    window.sessionStorage.setItem(KEPT, window.location.search);
  } catch {
    // Without storage the page simply opens at all accounts.
  }
}

/** The view that was left for Schwab's sign-in, once. */
export function takeKeptPlace(): string {
  try {
    const kept = window.sessionStorage.getItem(KEPT) ?? "";
    window.sessionStorage.removeItem(KEPT);
    return kept;
  } catch {
    return "";
  }
}
