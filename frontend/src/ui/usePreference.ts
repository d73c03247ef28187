/** Theme and palette: kept in this browser, worn by the root element. */
import { useSyncExternalStore } from "react";

const CHOICES = { theme: ["dark", "light"], palette: ["classic", "blue-orange"] } as const;
export type PreferenceName = keyof typeof CHOICES;
export type Preference<N extends PreferenceName> = (typeof CHOICES)[N][number];

const listeners = new Set<() => void>();
const attribute = (name: PreferenceName): string => `data-${name}`;
const storageKey = (name: PreferenceName): string => `thor.${name}`;

function read<N extends PreferenceName>(name: N): Preference<N> {
  const worn = document.documentElement.getAttribute(attribute(name));
  return CHOICES[name].find((choice) => choice === worn) ?? CHOICES[name][0];
}

/** Puts the kept choices onto the page before the first paint. */
export function wearPreferences(): void {
  for (const name of Object.keys(CHOICES) as PreferenceName[]) {
    const kept = storage()?.getItem(storageKey(name));
    const choice = CHOICES[name].find((word) => word === kept) ?? CHOICES[name][0];
    document.documentElement.setAttribute(attribute(name), choice);
  }
}

/** The other choice, and how to switch to it. */
export function usePreference<N extends PreferenceName>(name: N): [Preference<N>, () => void] {
  const value = useSyncExternalStore(subscribe, () => read(name));
  const toggle = (): void => {
    const next = CHOICES[name].find((choice) => choice !== value) ?? CHOICES[name][0];
    document.documentElement.setAttribute(attribute(name), next);
    storage()?.setItem(storageKey(name), next);
    for (const listener of listeners) listener();
  };
  return [value, toggle];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A browser may forbid storage; the choice then lasts as long as the page. */
function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
