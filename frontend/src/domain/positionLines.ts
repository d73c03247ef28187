/** The lines of the positions table: groups with sub-totals, their legs, and what was closed today. */
import { ASSET_NAMES } from "./assetTypes";
import type { ClosedPosition, Position } from "./book";
import type { Decimal } from "./decimal";
import { sum } from "./decimal";
import type { GroupBy } from "./groupBy";
import { totalsOf, type Totals } from "./positionTable";
import { claimsOf, partsOf, type Part, type Strategies, type Strategy } from "./strategies";
import type { SortKey } from "./view";

export type GroupLine = {
  kind: "group";
  key: string;
  depth: number;
  title: string;
  detail: string;
  days: number | null;
  size: number;
  open: boolean;
  /** Worked out when asked for: of hundreds of groups a screen shows a dozen. */
  totals: () => Totals;
  /** What was put together by hand can be taken apart again. */
  chosen: Strategy | null;
};
export type LegLine = { kind: "leg"; key: string; depth: number; row: Position; whole: boolean };
export type ClosedLine = { kind: "closed"; key: string; depth: number; row: ClosedPosition };
export type Line = GroupLine | LegLine | ClosedLine;

export type LineFacts = {
  rows: readonly Position[];
  closed: readonly ClosedPosition[];
  strategies: Strategies;
  groupBy: GroupBy;
  /** The keys of groups that were closed by hand. */
  shut: ReadonlySet<string>;
  accountName: (id: number) => string;
};

type Group = { key: string; title: string; parts: Part[]; closed: ClosedPosition[] };

export function linesOf(facts: LineFacts): Line[] {
  const { rows, closed, groupBy } = facts;
  if (groupBy === "none") return [...rows.map((row) => legLine({ row, strategy: null, whole: true }, 0)), ...closed.map((row) => closedLine(row, 0))];
  const groups = new Map<string, Group>();
  const into = (key: string, title: string): Group => {
    const group = groups.get(key) ?? { key, title, parts: [], closed: [] };
    groups.set(key, group);
    return group;
  };
  const claims = groupBy === "underlying" ? claimsOf(facts.strategies) : null;
  for (const row of rows) {
    for (const part of claims === null ? [{ row, strategy: null, whole: true }] : partsOf(row, claims.get(row.id))) {
      into(...placeOf(facts, part.row, part.strategy)).parts.push(part);
    }
  }
  for (const row of closed) into(...placeOf(facts, row, null)).closed.push(row);
  return [...groups.values()].flatMap((group) => linesIn(group, facts));
}

/** The key and the title of the group that a holding belongs to. */
function placeOf({ groupBy, accountName }: LineFacts, row: Position | ClosedPosition, strategy: Strategy | null): [string, string] {
  if (groupBy === "type") return [`type ${row.asset_type}`, ASSET_NAMES[row.asset_type].many];
  if (groupBy === "account") return [`account ${row.account_id}`, accountName(row.account_id)];
  // Legs of several underlyings that were put together by hand stand together.
  if (strategy?.chosen === true && strategy.underlying === "") return [`strategy ${strategy.key}`, strategy.name];
  return [`underlying ${row.underlying}`, row.underlying];
}

function linesIn(group: Group, facts: LineFacts): Line[] {
  const { parts, closed, key, title } = group;
  const size = parts.length + closed.length;
  const [first] = parts;
  if (size === 1 && facts.groupBy === "underlying") return [...parts.map((part) => legLine(part, 0)), ...closed.map((row) => closedLine(row, 0))];
  const units = facts.groupBy === "underlying" ? unitsOf(parts) : parts.map((part) => [part]);
  const sole = units.length === 1 && closed.length === 0 && first?.strategy?.kind !== "single" ? (first?.strategy ?? null) : null;
  const head = groupLine({ key, title, parts, closed, depth: 0, open: !facts.shut.has(key), strategy: sole });
  if (!head.open) return [head];
  const below = sole === null ? units.flatMap((unit) => unitLines(unit, facts)) : parts.map((part) => legLine(part, 1));
  return [head, ...below, ...closed.map((row) => closedLine(row, 1))];
}

/** The parts of each strategy together, in the order in which the first of each comes. */
function unitsOf(parts: readonly Part[]): Part[][] {
  const units = new Map<string, Part[]>();
  for (const part of parts) {
    const key = part.strategy?.key ?? `leg ${part.row.id}`;
    units.set(key, [...(units.get(key) ?? []), part]);
  }
  return [...units.values()];
}

function unitLines(unit: Part[], facts: LineFacts): Line[] {
  const strategy = unit[0]?.strategy ?? null;
  const single = strategy === null || (strategy.legs.length < 2 && !strategy.chosen);
  if (single) return unit.map((part) => legLine(part, 1));
  const key = `strategy ${strategy.key}`;
  const head = groupLine({ key, title: strategy.name, parts: unit, closed: [], depth: 1, open: !facts.shut.has(key), strategy });
  return head.open ? [head, ...unit.map((part) => legLine(part, 2))] : [head];
}

type GroupFacts = Group & { depth: number; open: boolean; strategy: Strategy | null };

function groupLine({ key, title, parts, closed, depth, open, strategy }: GroupFacts): GroupLine {
  const name = strategy?.name ?? "";
  return {
    kind: "group",
    key,
    depth,
    title,
    detail: name === title ? "" : name,
    days: strategy?.days_to_expiration ?? null,
    size: parts.length + closed.length,
    open,
    totals: () => totalsOf(parts.map((part) => part.row), closed),
    chosen: strategy?.chosen === true ? strategy : null,
  };
}

const legLine = ({ row, whole, strategy }: Part, depth: number): LegLine => ({
  kind: "leg",
  key: whole ? `leg ${row.id}` : `leg ${row.id} ${strategy?.key ?? "rest"}`,
  depth,
  row,
  whole,
});
const closedLine = (row: ClosedPosition, depth: number): ClosedLine => ({ kind: "closed", key: `closed ${row.account_id} ${row.id}`, depth, row });

const SUMMED = ["market_value", "cost_basis", "pl_open", "pl_day", "net_liq_percent"] as const;

/** Sorted by a column that is summed, groups stand in the order of their sums; else of their first rows. */
export function inGroupOrder(rows: readonly Position[], groupBy: GroupBy, [first]: readonly SortKey[]): readonly Position[] {
  const field = SUMMED.find((one) => one === first?.id);
  if (groupBy === "none" || field === undefined || first === undefined) return rows;
  const groups = new Map<string, Position[]>();
  for (const row of rows) {
    const key = groupBy === "type" ? row.asset_type : groupBy === "account" ? String(row.account_id) : row.underlying;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [row]);
    else known.push(row);
  }
  const sums = [...groups.values()].map((members) => {
    const { value, known } = sum<Decimal>(members.map((row) => row[field]));
    return { members, known: known > 0, total: Number(value) };
  });
  const turn = first.desc ? -1 : 1;
  sums.sort((a, b) => Number(b.known) - Number(a.known) || turn * (a.total - b.total));
  return sums.flatMap(({ members }) => members);
}
