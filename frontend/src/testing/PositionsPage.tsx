/** The positions panel by itself, its view in the address. */
import { createRef, type ReactNode } from "react";
import type { ClosedPosition, Position } from "../domain/book";
import { PositionsPanel } from "../features/positions/PositionsPanel";
import { PrivacyProvider } from "../ui/Amount";
import { useView } from "../ui/useView";
import { positions, summary } from "./book";

type PositionsPageProps = { rows: readonly Position[]; gone?: readonly ClosedPosition[]; privacy?: boolean };

export function PositionsPage({ rows, gone = [], privacy = false }: PositionsPageProps): ReactNode {
  const [view, setView] = useView();
  return (
    <PrivacyProvider value={privacy}>
      <PositionsPanel
        positions={{ ...positions(rows), closed_today: gone }}
        summary={summary()}
        accounts={[summary()]}
        freshness={{ state: "live", ageMs: 1000 }}
        view={view}
        setView={setView}
        search={createRef()}
        person="demo"
      />
    </PrivacyProvider>
  );
}
