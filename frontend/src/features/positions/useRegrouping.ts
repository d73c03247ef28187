/** Choosing legs to put together, and taking such groups apart. */
import { useCallback, useMemo, useState } from "react";
import type { Position } from "../../domain/book";
import { forgotten, regrouped, type Strategy } from "../../domain/strategies";
import { groupingProblem, type Grouping } from "../../queries/strategies";

export type Regrouping = {
  active: boolean;
  start: () => void;
  stop: () => void;
  chosen: ReadonlySet<number>;
  choose: (id: number) => void;
  /** The legs that were chosen and are still held. */
  legs: readonly Position[];
  /** Why the chosen legs cannot be one group; null when they can. */
  obstacle: string | null;
  problem: string;
  group: (name: string) => Promise<boolean>;
  forget: (strategy: Strategy) => void;
};

const NONE: ReadonlySet<number> = new Set();

export function useRegrouping(rows: readonly Position[], { strategies, regroup }: Grouping): Regrouping {
  const [active, setActive] = useState(false);
  const [chosen, setChosen] = useState(NONE);
  const [problem, setProblem] = useState("");
  const legs = useMemo(() => rows.filter((row) => chosen.has(row.id)), [rows, chosen]);
  const choose = useCallback((id: number) => {
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const stop = (): void => {
    setActive(false);
    setChosen(NONE);
    setProblem("");
  };
  const send = async (wanted: Parameters<Grouping["regroup"]>[0]): Promise<boolean> => {
    setProblem("");
    try {
      await regroup(wanted);
      return true;
    } catch (error) {
      setProblem(groupingProblem(error));
      return false;
    }
  };
  return {
    active,
    start: () => setActive(true),
    stop,
    chosen,
    choose,
    legs,
    obstacle: obstacleOf(legs),
    problem,
    group: async (name) => {
      const account = legs[0]?.account_id;
      const done = account !== undefined && (await send(regrouped(strategies, account, name, legs)));
      if (done) stop();
      return done;
    },
    forget: (strategy) => void send(forgotten(strategies, strategy)),
  };
}

function obstacleOf(legs: readonly Position[]): string | null {
  if (legs.length < 2) return "Choose two legs or more.";
  return legs.some((leg) => leg.account_id !== legs[0]?.account_id) ? "Legs of several accounts cannot be one group." : null;
}
