/** Door or desk: what one sees depends on who is signed in. */
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { LoginPage } from "../features/login/LoginPage";
import { sessionQuery, useLogin, useLoginWatch, useLogout } from "../queries/session";
import { TipHost } from "../ui/Tip";
import { Desk } from "./Desk";

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: false,
        // The page asks whether or not the browser thinks it is online: only an answer can tell.
        networkMode: "always",
        refetchIntervalInBackground: true,
        refetchOnWindowFocus: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}

export function App({ client }: { client: QueryClient }): ReactNode {
  return (
    <QueryClientProvider client={client}>
      <Gate />
      <TipHost />
    </QueryClientProvider>
  );
}

function Gate(): ReactNode {
  useLoginWatch();
  const session = useQuery(sessionQuery);
  const login = useLogin();
  const logout = useLogout();
  if (session.data === undefined) return <Waiting failed={session.isError} />;
  if (!session.data.authenticated) return <LoginPage onLogin={login} />;
  return <Desk key={session.data.username} username={session.data.username ?? ""} onLogout={() => void logout()} />;
}

function Waiting({ failed }: { failed: boolean }): ReactNode {
  return (
    <main className="door">
      <p className="lead" role="status">
        {failed ? "Thor's server does not answer. Trying again by itself…" : ""}
      </p>
    </main>
  );
}
