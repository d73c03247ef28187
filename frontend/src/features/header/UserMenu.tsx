/** Looks, help and the way out. */
import type { ReactNode } from "react";
import { usePreference } from "../../ui/usePreference";

type UserMenuProps = { username: string; onLogout: () => void; onHelp: () => void };

export function UserMenu({ username, onLogout, onHelp }: UserMenuProps): ReactNode {
  const [theme, toggleTheme] = usePreference("theme");
  const [palette, togglePalette] = usePreference("palette");
  return (
    <div className="menu">
      <button type="button" className="icon-button" onClick={toggleTheme} aria-label="Light theme" aria-pressed={theme === "light"} data-tip="Dark or light">
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="5.5" />
          <path className="fill" d="M8 2.5a5.5 5.5 0 0 1 0 11z" />
        </svg>
      </button>
      <button
        type="button"
        className="icon-button"
        onClick={togglePalette}
        aria-label="Blue and orange instead of green and red"
        aria-pressed={palette === "blue-orange"}
        data-tip="Green and red, or blue and orange"
      >
        <svg className="icon palette" viewBox="0 0 16 16" aria-hidden="true">
          <path className="up-fill" d="M5 3.5 9 10H1z" />
          <path className="down-fill" d="M11 12.5 7 6h8z" />
        </svg>
      </button>
      <button type="button" className="icon-button" onClick={onHelp} aria-label="Keys and help" data-tip="Keys and help (?)">
        ?
      </button>
      <button type="button" className="button plain" onClick={onLogout} data-tip={`Signed in as ${username}`}>
        Sign out
      </button>
    </div>
  );
}
