/** The watchlist: symbols one follows without holding them, in one's own order. */
import { useCallback, useEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import { movedSymbol, symbolName } from "../../domain/quotes";
import { refusalOf, type Edit, type Watchlist } from "../../queries/watchlist";
import { Panel } from "../../ui/Panel";
import { AddSymbol } from "./AddSymbol";
import type { Control } from "./WatchRow";
import { WatchTable } from "./WatchTable";

type WatchlistPanelProps = { list: Watchlist };

export function WatchlistPanel({ list }: WatchlistPanelProps): ReactNode {
  const { symbols, quotes } = list;
  const [problem, setProblem] = useState("");
  const [told, setTold] = useState("");
  const body = useRef<HTMLTableSectionElement>(null);
  const keepFocus = useFocusAfterMove(body, symbols);

  const { change: keep } = list;
  const change = useCallback(
    async (edit: Edit): Promise<boolean> => {
      setProblem("");
      try {
        await keep(edit);
        return true;
      } catch (error) {
        setProblem(refusalOf(error));
        return false;
      }
    },
    [keep],
  );
  const move = useCallback(
    (symbol: string, by: 1 | -1, control: Control): void => {
      void change((now) => {
        const next = movedSymbol(now, symbol, by);
        if (next === now) return now;
        keepFocus({ symbol, control });
        setTold(`${symbolName(symbol)} is now ${next.indexOf(symbol) + 1} of ${next.length}`);
        return next;
      });
    },
    [change, keepFocus],
  );
  const remove = useCallback(
    (symbol: string): void => {
      void change((now) => {
        const next = now.filter((one) => one !== symbol);
        const neighbour = next[Math.min(now.indexOf(symbol), next.length - 1)];
        if (neighbour !== undefined) keepFocus({ symbol: neighbour, control: "remove" });
        setTold(`${symbolName(symbol)} removed`);
        return next;
      });
    },
    [change, keepFocus],
  );
  const add = (symbol: string): Promise<boolean> => change((now) => [...now, symbol]);
  return (
    <Panel
      id="watchlist"
      label="Watchlist"
      title={
        <>
          Watchlist {symbols !== undefined && <span className="num faint">{symbols.length}</span>}
        </>
      }
      tools={<AddSymbol symbols={symbols} onAdd={add} onTyping={() => setProblem("")} onProblem={setProblem} />}
    >
      <p className="problem" role="alert">
        {problem}
      </p>
      <p className="sr-only" role="status">
        {told}
      </p>
      {symbols === undefined && <p className="empty">Loading the watchlist…</p>}
      {symbols?.length === 0 && <p className="empty">Nothing is watched yet. Add a symbol, for example SPY, and its quote follows here.</p>}
      {symbols !== undefined && symbols.length > 0 && (
        <WatchTable symbols={symbols} quotes={quotes} body={body} onMove={move} onRemove={remove} />
      )}
    </Panel>
  );
}

type Place = { symbol: string; control: Control };

/** A row that is put elsewhere loses the focus on its way; it gets it back. */
function useFocusAfterMove(body: RefObject<HTMLElement | null>, symbols: readonly string[] | undefined): (place: Place) => void {
  const place = useRef<Place | null>(null);
  useEffect(() => {
    if (place.current === null) return;
    const { symbol, control } = place.current;
    place.current = null;
    body.current?.querySelector<HTMLElement>(`tr[data-symbol="${CSS.escape(symbol)}"] [data-control="${control}"]`)?.focus();
  }, [body, symbols]);
  return useCallback((next: Place) => {
    place.current = next;
  }, []);
}
