/** What the address bar holds: page, account, filter, types, sort, and the statement's days. Unknown words in it are passed over. */
import type { AssetType } from "./book";
import { isAssetType } from "./assetTypes";
import { GROUP_BYS, type GroupBy } from "./groupBy";
import { GROUPINGS, isDay, RANGES, type Grouping, type RangeName } from "./statement";

export type SortKey = { id: string; desc: boolean };
export const PAGES = ["desk", "statement"] as const;
export type View = {
  /** Which of the two monitors is looked at. */
  page: (typeof PAGES)[number];
  account: number | null;
  query: string;
  types: readonly AssetType[];
  sort: readonly SortKey[];
  group: GroupBy;
  /** The days of the statement; `from` and `to` count for a custom range alone. */
  range: RangeName;
  from: string;
  to: string;
  by: Grouping;
};

export const EMPTY_VIEW: View = {
  page: "desk",
  account: null,
  query: "",
  types: [],
  sort: [],
  group: "underlying",
  range: "ytd",
  from: "",
  to: "",
  by: "symbol",
};

function oneOf<T extends string>(words: readonly T[], text: string | null, otherwise: T): T {
  return words.find((word) => word === text) ?? otherwise;
}

export function readView(search: string): View {
  const params = new URLSearchParams(search);
  return {
    page: oneOf(PAGES, params.get("page"), EMPTY_VIEW.page),
    account: readAccount(params.get("account")),
    query: params.get("q") ?? "",
    types: list(params.get("type")).filter(isAssetType),
    sort: list(params.get("sort")).map(readSortKey),
    group: oneOf(GROUP_BYS, params.get("group"), EMPTY_VIEW.group),
    range: oneOf(RANGES, params.get("range"), EMPTY_VIEW.range),
    from: readDay(params.get("from")),
    to: readDay(params.get("to")),
    by: oneOf(GROUPINGS, params.get("by"), EMPTY_VIEW.by),
  };
}

/** Writes the view into an address, leaving parameters alone that are not its own. */
export function writeView(search: string, view: View): string {
  const params = new URLSearchParams(search);
  put(params, "account", view.account === null ? "" : String(view.account));
  put(params, "q", view.query);
  put(params, "type", view.types.join(","));
  put(params, "sort", view.sort.map((key) => (key.desc ? `-${key.id}` : key.id)).join(","));
  for (const name of ["page", "group", "range", "by"] as const) put(params, name, view[name] === EMPTY_VIEW[name] ? "" : view[name]);
  for (const name of ["from", "to"] as const) put(params, name, view.range === "custom" ? view[name] : "");
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

const readDay = (text: string | null): string => (text !== null && isDay(text) ? text : "");

function readSortKey(text: string): SortKey {
  return text.startsWith("-") ? { id: text.slice(1), desc: true } : { id: text, desc: false };
}
