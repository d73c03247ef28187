/** Looks, help and the way out. */
import { useState, type ReactNode } from "react";
import { usePreference } from "../../ui/usePreference";
import { LooksDialog } from "./LooksDialog";

type UserMenuProps = { username: string; onLogout: () => void; onHelp: () => void };

export function UserMenu({ username, onLogout, onHelp }: UserMenuProps): ReactNode {
  const [theme, toggleTheme] = usePreference("theme");
  const [looks, setLooks] = useState(false);
  return (
    <div className="menu">
      <button type="button" className="icon-button" onClick={toggleTheme} aria-label="Light theme" aria-pressed={theme === "light"} data-tip="Dark or light">
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="5.5" />
          <path className="fill" d="M8 2.5a5.5 5.5 0 0 1 0 11z" />
        </svg>
      </button>
      <button type="button" className="icon-button" onClick={() => setLooks(true)} aria-label="Looks" data-tip="Colours, rows, times, privacy">
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 4.5h4.5M10.5 4.5H14M2 11.5h2.5M8.5 11.5H14" />
          <circle cx="8.5" cy="4.5" r="1.8" />
          <circle cx="6.5" cy="11.5" r="1.8" />
        </svg>
      </button>
      <button type="button" className="icon-button" onClick={onHelp} aria-label="Keys and help" data-tip="Keys and help (?)">
        ?
      </button>
      <button type="button" className="button plain" onClick={onLogout} data-tip={`Signed in as ${username}`}>
        Sign out
      </button>
      {looks && <LooksDialog onClose={() => setLooks(false)} />}
    </div>
  );
}
