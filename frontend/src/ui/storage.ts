/** This browser's storage; where it forbids any, what is kept lasts as long as the page. */

const page = new Map<string, string>();

function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

export function kept(key: string): string | null {
  return page.get(key) ?? storage()?.getItem(key) ?? null;
}

export function keep(key: string, value: string): void {
  const place = storage();
  if (place === null) page.set(key, value);
  else place.setItem(key, value);
}
