/** The kinds of holdings and what to call them. */
import type { AssetType } from "./book";

export const ASSET_NAMES: Record<AssetType, { one: string; many: string }> = {
  EQ: { one: "Stock", many: "Stocks" },
  ETF: { one: "ETF", many: "ETFs" },
  OPT: { one: "Option", many: "Options" },
  MF: { one: "Fund", many: "Funds" },
  FI: { one: "Bond", many: "Bonds" },
  CASH: { one: "Cash", many: "Cash" },
  FUT: { one: "Future", many: "Futures" },
  FX: { one: "Currency", many: "Currencies" },
  IDX: { one: "Index", many: "Indices" },
  OTHER: { one: "Other", many: "Other" },
};

const ORDER: readonly AssetType[] = ["EQ", "ETF", "OPT", "MF", "FI", "FUT", "FX", "IDX", "CASH", "OTHER"];

export function isAssetType(text: string): text is AssetType {
  return Object.hasOwn(ASSET_NAMES, text);
}

/** The kinds that occur, in a fixed order, with their counts. */
export function countTypes(rows: readonly { asset_type: AssetType }[]): { type: AssetType; count: number }[] {
  const counts = new Map<AssetType, number>();
  for (const row of rows) counts.set(row.asset_type, (counts.get(row.asset_type) ?? 0) + 1);
  return ORDER.flatMap((type) => {
    const count = counts.get(type);
    return count === undefined ? [] : [{ type, count }];
  });
}
