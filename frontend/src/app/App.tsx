/** Door or desk: what one sees depends on who is signed in. */
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { LoginPage } from "../features/login/LoginPage";
import { LiveProvider, useLiveDesk } from "../queries/live";
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

type AppProps = { newClient?: () => QueryClient };

export function App({ newClient = newQueryClient }: AppProps): ReactNode {
  const [client] = useState(newClient);
  return (
    <QueryClientProvider client={client}>
      <Gate newClient={newClient} />
      <TipHost />
    </QueryClientProvider>
  );
}

function Gate({ newClient }: Required<AppProps>): ReactNode {
  useLoginWatch();
  const session = useQuery(sessionQuery);
  const login = useLogin();
  const logout = useLogout();
  if (session.data === undefined) return <Waiting failed={session.isError} />;
  const { authenticated, username } = session.data;
  if (!authenticated) return <LoginPage onLogin={login} />;
  return (
    <OwnCache key={username} newClient={newClient}>
      <LiveSide>
        <Desk username={username ?? ""} onLogout={() => void logout()} />
      </LiveSide>
    </OwnCache>
  );
}

/** A cache that lives as long as one person's desk: nobody ever sees what another was shown. */
function OwnCache({ newClient, children }: Required<AppProps> & { children: ReactNode }): ReactNode {
  const [client] = useState(newClient);
  useEffect(() => () => client.clear(), [client]);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

/** One live socket for the desk; it ends with it. */
function LiveSide({ children }: { children: ReactNode }): ReactNode {
  return <LiveProvider value={useLiveDesk()}>{children}</LiveProvider>;
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
