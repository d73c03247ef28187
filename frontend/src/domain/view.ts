/** What the address bar holds: account, filter, types and sort. Unknown words in it are passed over. */
import type { AssetType } from "./book";
import { isAssetType } from "./assetTypes";

export type SortKey = { id: string; desc: boolean };
export type View = {
  account: number | null;
  query: string;
  types: readonly AssetType[];
  sort: readonly SortKey[];
};

export const EMPTY_VIEW: View = { account: null, query: "", types: [], sort: [] };

export function readView(search: string): View {
  const params = new URLSearchParams(search);
  return {
    account: readAccount(params.get("account")),
    query: params.get("q") ?? "",
    types: list(params.get("type")).filter(isAssetType),
    sort: list(params.get("sort")).map(readSortKey),
  };
}

/** Writes the view into an address, leaving parameters alone that are not its own. */
export function writeView(search: string, view: View): string {
  const params = new URLSearchParams(search);
  put(params, "account", view.account === null ? "" : String(view.account));
  put(params, "q", view.query);
  put(params, "type", view.types.join(","));
  put(params, "sort", view.sort.map((key) => (key.desc ? `-${key.id}` : key.id)).join(","));
  const text = params.toString().replaceAll("%2C", ",");
  return text === "" ? "" : `?${text}`;
}

function put(params: URLSearchParams, name: string, value: string): void {
  if (value === "") params.delete(name);
  else params.set(name, value);
}

function list(text: string | null): string[] {
  return (text ?? "").split(",").filter((word) => word !== "");
}

function readAccount(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function readSortKey(text: string): SortKey {
  return text.startsWith("-") ? { id: text.slice(1), desc: true } : { id: text, desc: false };
}
