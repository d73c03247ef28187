/** The view in the address bar as React state. */
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { readView, writeView, type View } from "../domain/view";

const CHANGED = "thor:view";

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener(CHANGED, listener);
  };
}

const search = (): string => window.location.search;

/** Writes the query part of the address; `push` makes the back button return. */
export function setSearch(next: string, push = false): void {
  if (next === window.location.search) return;
  const address = `${window.location.pathname}${next}${window.location.hash}`;
  if (push) window.history.pushState(null, "", address);
  else window.history.replaceState(null, "", address);
  window.dispatchEvent(new Event(CHANGED));
}

export type SetView = (change: Partial<View>) => void;

/** Choosing an account is a step the back button undoes; typing a filter is not. */
export function useView(): [View, SetView] {
  const text = useSyncExternalStore(subscribe, search);
  const view = useMemo(() => readView(text), [text]);
  const setView = useCallback<SetView>((change) => {
    const next = { ...readView(window.location.search), ...change };
    setSearch(writeView(window.location.search, next), "account" in change);
  }, []);
  return [view, setView];
}
