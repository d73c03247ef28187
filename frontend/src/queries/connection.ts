/** Changing the link to Schwab, and the picture of it that follows. */
import { useQueryClient } from "@tanstack/react-query";
import { disconnect, pasteAddress } from "../api/endpoints";
import { KEYS } from "./keys";

export function useConnectionChanges(): {
  paste: (address: string) => Promise<void>;
  cut: () => Promise<void>;
} {
  const client = useQueryClient();
  return {
    paste: async (address) => {
      client.setQueryData(KEYS.connection, await pasteAddress(address));
      await client.invalidateQueries();
    },
    cut: async () => {
      await disconnect();
      await client.invalidateQueries();
    },
  };
}
