/** What stands above the desk when something needs to be known. */
import type { ReactNode } from "react";
import type { Banner } from "../../domain/banners";
import type { OAuthResult } from "../../domain/oauthReasons";
import { ConnectLink } from "../../ui/ConnectLink";

type BannersProps = {
  banners: readonly Banner[];
  result: OAuthResult | null;
  onDismissResult: () => void;
  onRefresh: () => void;
};

const MARK = { quiet: "i", amber: "!", red: "!", blocking: "×" } as const;

export function Banners({ banners, result, onDismissResult, onRefresh }: BannersProps): ReactNode {
  return (
    <div className="banners" role="status" aria-live="polite">
      {result !== null && <ResultBanner result={result} onDismiss={onDismissResult} />}
      {banners.map((banner) => (
        <div key={banner.id} className={`banner banner-${banner.level}`}>
          <span className="banner-mark" aria-hidden="true">
            {MARK[banner.level]}
          </span>
          <p>
            <strong>{banner.title}</strong> {banner.text}
          </p>
          {banner.action === "connect" && <ConnectLink>Connect again</ConnectLink>}
          {banner.action === "refresh" && (
            <button type="button" className="button" onClick={onRefresh}>
              Try now
            </button>
          )}
        </div>
      ))}
    </div>
  );
}

function ResultBanner({ result, onDismiss }: { result: OAuthResult; onDismiss: () => void }): ReactNode {
  const good = result.kind === "connected";
  return (
    <div className={`banner ${good ? "banner-good" : "banner-red"}`}>
      <span className="banner-mark" aria-hidden="true">
        {good ? "✓" : "!"}
      </span>
      {good ? (
        <p>
          <strong>Schwab is connected.</strong> The first figures arrive within moments.
        </p>
      ) : (
        <p>
          <strong>{result.advice.what}</strong> {result.advice.todo}
        </p>
      )}
      {!good && <ConnectLink>Connect again</ConnectLink>}
      <button type="button" className="icon-button dismiss" onClick={onDismiss} aria-label="Dismiss">
        ×
      </button>
    </div>
  );
}
