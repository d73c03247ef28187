/** What surrounds every panel on the desk: a cache and a live side, whose socket stays closed. */
import { QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { newQueryClient } from "../app/App";
import { LiveProvider, useLiveDesk } from "../queries/live";

export function InDesk({ children }: { children: ReactNode }): ReactNode {
  const [client] = useState(newQueryClient);
  return (
    <QueryClientProvider client={client}>
      <LiveSide>{children}</LiveSide>
    </QueryClientProvider>
  );
}

function LiveSide({ children }: { children: ReactNode }): ReactNode {
  return <LiveProvider value={useLiveDesk()}>{children}</LiveProvider>;
}
