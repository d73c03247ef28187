/** Asking for fresh data: once on opening the page, and whenever the person says so. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { askRefresh } from "../api/endpoints";
import { isFailure } from "../api/errors";
import type { Connection, Summary } from "../domain/book";
import { refreshProgress, type RefreshProgress } from "../domain/refreshProgress";
import { KEYS } from "./keys";

export type Refresh = { progress: RefreshProgress; refresh: () => void };

/** The progress ends when a newer answer of Schwab is shown, not when the request was accepted. */
export function useRefresh(summary: Summary | undefined, connection: Connection | undefined, now: number): Refresh {
  const client = useQueryClient();
  const checkedAt = summary?.checked_at ?? null;
  const mutation = useMutation({
    mutationFn: async (pressed: { at: number; checkedAt: string | null }) => ({ pressed, answer: await askRefresh("manual") }),
    onSettled: () => client.invalidateQueries(),
  });
  const progress = refreshProgress({
    pressed: mutation.isIdle ? null : mutation.variables,
    accepted: mutation.data?.answer ?? null,
    failure: mutation.error === null ? null : messageOf(mutation.error),
    checkedAt,
    lastSync: connection?.last_sync ?? null,
    now,
  });
  useAskingWhile(progress.state === "running");
  return { progress, refresh: () => mutation.mutate({ at: now, checkedAt }) };
}

const ASK_AGAIN_MS = 2_000;

/** An answer of Schwab that changes nothing is not pushed, so its time is asked for. */
function useAskingWhile(running: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => {
      for (const queryKey of [KEYS.accounts, ["summary"]]) void client.invalidateQueries({ queryKey });
    }, ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [running, client]);
}

function messageOf(error: Error): string {
  return isFailure(error) ? error.message : "The request did not get through.";
}

/** Opening the page asks once; the server passes over it when the data are fresh enough. */
export function useRefreshOnOpen(ready: boolean): void {
  const client = useQueryClient();
  const asked = useRef(false);
  useEffect(() => {
    if (!ready || asked.current) return;
    asked.current = true;
    askRefresh("open").then(
      () => client.invalidateQueries({ queryKey: KEYS.connection }),
      () => undefined,
    );
  }, [ready, client]);
}
