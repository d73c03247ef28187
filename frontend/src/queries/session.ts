/** Who is signed in; the one query that is answered without a login. */
import { queryOptions, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { whenLoginIsLost } from "../api/client";
import { getSession, login, logout } from "../api/endpoints";
import type { WireSession } from "../api/wire";

const SESSION_KEY = ["session"];

export const sessionQuery = queryOptions({
  queryKey: SESSION_KEY,
  queryFn: ({ signal }) => getSession(signal),
  staleTime: Infinity,
  refetchInterval: (query) => (query.state.status === "error" ? 3000 : false),
});

function signedOut(client: QueryClient): void {
  const before = client.getQueryData<WireSession>(SESSION_KEY);
  client.setQueryData(SESSION_KEY, { authenticated: false, username: null, csrf_token: before?.csrf_token ?? "" });
}

/** Any 401 leads to the login page; the address keeps the place. */
export function useLoginWatch(): void {
  const client = useQueryClient();
  useEffect(() => {
    whenLoginIsLost(() => signedOut(client));
    return () => whenLoginIsLost(() => undefined);
  }, [client]);
}

export function useLogin(): (username: string, password: string) => Promise<void> {
  const client = useQueryClient();
  return async (username, password) => {
    client.setQueryData(SESSION_KEY, await login(username, password));
  };
}

export function useLogout(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await logout();
    signedOut(client);
  };
}
