/** Looks and habits of this browser: kept in its storage, worn by the root element. */
import { useSyncExternalStore } from "react";
import { showTimesIn } from "../domain/time";
import { kept, keep } from "./storage";

const CHOICES = {
  theme: ["dark", "light"],
  palette: ["classic", "blue-orange"],
  density: ["normal", "compact", "roomy"],
  zone: ["eastern", "local"],
  privacy: ["off", "on"],
} as const;
export type PreferenceName = keyof typeof CHOICES;
export type Preference<N extends PreferenceName> = (typeof CHOICES)[N][number];

const listeners = new Set<() => void>();
const attribute = (name: PreferenceName): string => `data-${name}`;
const storageKey = (name: PreferenceName): string => `thor.${name}`;

function read<N extends PreferenceName>(name: N): Preference<N> {
  const worn = document.documentElement.getAttribute(attribute(name));
  return CHOICES[name].find((choice) => choice === worn) ?? CHOICES[name][0];
}

function wear<N extends PreferenceName>(name: N, choice: Preference<N>): void {
  document.documentElement.setAttribute(attribute(name), choice);
  if (name === "zone") showTimesIn(choice === "local" ? "local" : "eastern");
}

/** Puts the kept choices onto the page before the first paint. */
export function wearPreferences(): void {
  for (const name of Object.keys(CHOICES) as PreferenceName[]) {
    const before = kept(storageKey(name));
    wear(name, CHOICES[name].find((word) => word === before) ?? CHOICES[name][0]);
  }
}

export function choose<N extends PreferenceName>(name: N, choice: Preference<N>): void {
  wear(name, choice);
  keep(storageKey(name), choice);
  for (const listener of listeners) listener();
}

/** The choice, and how to go on to the next one. */
export function usePreference<N extends PreferenceName>(name: N): [Preference<N>, () => void] {
  const value = useSyncExternalStore(subscribe, () => read(name));
  const words: readonly Preference<N>[] = CHOICES[name];
  const next = words[(words.indexOf(value) + 1) % words.length] ?? value;
  return [value, () => choose(name, next)];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
