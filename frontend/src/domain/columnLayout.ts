/** Which columns are shown, in which order and how wide: kept per person, forgiving what it does not know. */
export type Layout = {
  /** Ids in order; columns that are not named follow in their usual order. */
  order: readonly string[];
  hidden: readonly string[];
  /** In pixels, where it is another than usual. */
  widths: Readonly<Record<string, number>>;
};

export const USUAL: Layout = { order: [], hidden: [], widths: {} };

export const PRESETS = ["all", "essential", "options", "profit"] as const;
export type Preset = (typeof PRESETS)[number];
export const PRESET_NAMES: Record<Preset, string> = { all: "All", essential: "Essential", options: "Options", profit: "P/L" };

const SHOWN: Record<Exclude<Preset, "all">, readonly string[]> = {
  essential: ["symbol", "account", "quantity", "mark_price", "mark_change", "market_value", "pl_open", "pl_day", "pl_day_percent"],
  options: ["symbol", "account", "quantity", "days_to_expiration", "notes", "avg_price", "mark_price", "market_value", "pl_open", "pl_open_percent", "pl_day"],
  profit: ["symbol", "account", "quantity", "cost_basis", "market_value", "pl_open", "pl_open_percent", "pl_day", "pl_day_percent"],
};

export function presetLayout(preset: Preset, ids: readonly string[]): Layout {
  if (preset === "all") return USUAL;
  const shown = SHOWN[preset];
  return { order: shown, hidden: ids.filter((id) => !shown.includes(id)), widths: {} };
}

/** The preset that the layout is, if it is one. */
export function presetOf(layout: Layout, ids: readonly string[]): Preset | null {
  const same = (other: Layout): boolean =>
    ordered(ids, layout).join() === ordered(ids, other).join() && [...layout.hidden].sort().join() === [...other.hidden].sort().join();
  return PRESETS.find((preset) => same(presetLayout(preset, ids))) ?? null;
}

/** All columns in their order; the first one stays the first. */
export function ordered(ids: readonly string[], { order }: Layout): string[] {
  const [first, ...rest] = ids;
  const named = order.filter((id) => rest.includes(id));
  return [...(first === undefined ? [] : [first]), ...named, ...rest.filter((id) => !named.includes(id))];
}

export function shownIds(ids: readonly string[], layout: Layout): string[] {
  return ordered(ids, layout).filter((id, index) => index === 0 || !layout.hidden.includes(id));
}

export function withMoved(ids: readonly string[], layout: Layout, id: string, by: 1 | -1): Layout {
  const order = ordered(ids, layout);
  const from = order.indexOf(id);
  const to = from + by;
  if (from < 1 || to < 1 || to >= order.length) return layout;
  order.splice(from, 1);
  order.splice(to, 0, id);
  return { ...layout, order };
}

export function withShown(layout: Layout, id: string, shown: boolean): Layout {
  const hidden = layout.hidden.filter((one) => one !== id);
  return { ...layout, hidden: shown ? hidden : [...hidden, id] };
}

const NARROWEST = 40;
const WIDEST = 420;

export function withWidth(layout: Layout, id: string, width: number): Layout {
  return { ...layout, widths: { ...layout.widths, [id]: Math.round(Math.min(WIDEST, Math.max(NARROWEST, width))) } };
}

/** What was kept by an earlier version, or by hand, may be anything. */
export function readLayout(text: string | null): Layout {
  let found: unknown;
  try {
    found = JSON.parse(text ?? "null");
  } catch {
    return USUAL;
  }
  if (typeof found !== "object" || found === null) return USUAL;
  const { order, hidden, widths } = found as Partial<Record<keyof Layout, unknown>>;
  const words = (list: unknown): string[] => (Array.isArray(list) ? list.filter((one) => typeof one === "string") : []);
  const numbers = Object.entries(typeof widths === "object" && widths !== null ? widths : {}).filter((pair): pair is [string, number] => typeof pair[1] === "number");
  return numbers.reduce<Layout>((all, [id, width]) => withWidth(all, id, width), { order: words(order), hidden: words(hidden), widths: {} });
}
