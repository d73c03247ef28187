/** The person's watchlist and its quotes. */
import { useIsMutating, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { getQuotes, getWatchlist, putWatchlist } from "../api/endpoints";
import { isFailure } from "../api/errors";
import { asQuotes, withQuotes, type Quotes } from "../domain/quotes";
import { KEYS } from "./keys";
import { useLive } from "./live";
import { every, PACE } from "./polling";

export type Watchlist = {
  /** undefined until the first answer. */
  symbols: readonly string[] | undefined;
  quotes: Quotes;
  /** Keeps the edited list; when it is refused, the reason is thrown and the kept one stays. */
  change: (edit: Edit) => Promise<void>;
};
export type Edit = (symbols: readonly string[]) => readonly string[];

const NO_QUOTES: Quotes = new Map();
const CHANGING = ["watchlist", "change"];

export function useWatchlist(pushed: boolean): Watchlist {
  const client = useQueryClient();
  const { desk } = useLive();
  const pace = pushed ? PACE.reconcile : PACE.quotes;
  const changing = useIsMutating({ mutationKey: CHANGING }) > 0;
  const list = useQuery({ queryKey: KEYS.watchlist, queryFn: ({ signal }) => getWatchlist(signal), refetchInterval: every(PACE.reconcile), enabled: !changing });
  const symbols = list.data;
  const wanted = (symbols ?? []).join();
  const quotes = useQuery({
    queryKey: KEYS.quotes,
    queryFn: async ({ signal }): Promise<Quotes> => {
      const fetched = asQuotes(await getQuotes(client.getQueryData<string[]>(KEYS.watchlist) ?? [], signal));
      return withQuotes(client.getQueryData<Quotes>(KEYS.quotes) ?? NO_QUOTES, fetched);
    },
    enabled: wanted !== "",
    structuralSharing: false,
    refetchInterval: every(pace),
  });
  useEffect(() => {
    desk.watchSymbols(wanted === "" ? [] : wanted.split(","));
    // Quotes have no snapshot on the socket: what passed while it was closed is asked for.
    if (wanted !== "") void client.invalidateQueries({ queryKey: KEYS.quotes });
  }, [desk, client, wanted, pushed]);
  return { symbols, quotes: quotes.data ?? NO_QUOTES, change: useChange() };
}

/** One change after the other, so that the last one is also the last to arrive. */
function useChange(): Watchlist["change"] {
  const client = useQueryClient();
  const { mutateAsync } = useMutation({
    mutationKey: CHANGING,
    scope: { id: "watchlist" },
    mutationFn: async (symbols: readonly string[]) => {
      const kept = await putWatchlist(symbols);
      if (client.isMutating({ mutationKey: CHANGING }) === 1) client.setQueryData(KEYS.watchlist, kept);
    },
    onError: () => client.invalidateQueries({ queryKey: KEYS.watchlist }),
  });
  return useCallback(
    async (edit) => {
      const before = client.getQueryData<readonly string[]>(KEYS.watchlist) ?? [];
      const after = edit(before);
      if (after === before) return;
      // An answer under way would show the former list for a moment.
      await client.cancelQueries({ queryKey: KEYS.watchlist });
      // A symbol that is new may be refused; what is only moved or removed may be shown at once.
      if (after.every((symbol) => before.includes(symbol))) client.setQueryData(KEYS.watchlist, after);
      await mutateAsync(after);
    },
    [client, mutateAsync],
  );
}

/** The server's reason without the name of the field that it was found in. */
export function refusalOf(error: unknown): string {
  return isFailure(error) ? error.message.replace(/^symbols: (\d+: )?/, "") : "The list could not be kept.";
}
