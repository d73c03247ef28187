/** Filter by text and kind; what is hidden is always said. */
import type { ReactNode, RefObject } from "react";
import { ASSET_NAMES, countTypes } from "../../domain/assetTypes";
import type { AssetType, Position } from "../../domain/book";
import type { View } from "../../domain/view";
import { PHONE, useMedia } from "../../ui/useMedia";
import type { SetView } from "../../ui/useView";

type PositionToolsProps = {
  rows: readonly Position[];
  shown: number;
  view: View;
  setView: SetView;
  search: RefObject<HTMLInputElement | null>;
  /** What else can be done with the table. */
  children: ReactNode;
};

export function PositionTools({ rows, shown, view, setView, search, children }: PositionToolsProps): ReactNode {
  const phone = useMedia(PHONE);
  const hidden = rows.length - shown;
  const filtering = view.query !== "" || view.types.length > 0;
  return (
    <div className="tools">
      <label className="search">
        <span className="sr-only">Filter by symbol or name</span>
        <input
          ref={search}
          type="search"
          value={view.query}
          placeholder={phone ? "Symbol or name" : "Symbol  /"}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setView({ query: event.target.value })}
        />
      </label>
      <TypeChips rows={rows} types={view.types} onTypes={(types) => setView({ types })} />
      <span className="shown" role="status">
        {hidden > 0 && `${shown} of ${rows.length} shown`}
      </span>
      {filtering && (
        <button type="button" className="link" onClick={() => setView({ query: "", types: [] })}>
          clear
        </button>
      )}
      {children}
    </div>
  );
}

type TypeChipsProps = {
  rows: readonly Position[];
  types: readonly AssetType[];
  onTypes: (types: readonly AssetType[]) => void;
};

function TypeChips({ rows, types, onTypes }: TypeChipsProps): ReactNode {
  const present = countTypes(rows);
  const gone = types.filter((type) => !present.some((one) => one.type === type));
  const chips = [...present, ...gone.map((type) => ({ type, count: 0 }))];
  if (chips.length < 2 && types.length === 0) return null;
  const toggle = (type: AssetType): void =>
    onTypes(types.includes(type) ? types.filter((one) => one !== type) : [...types, type]);
  return (
    <div className="type-chips" role="group" aria-label="Kinds of holdings">
      {chips.map(({ type, count }) => (
        <button key={type} type="button" className="toggle" aria-pressed={types.includes(type)} onClick={() => toggle(type)}>
          {ASSET_NAMES[type].many} <span className="num faint">{count}</span>
        </button>
      ))}
    </div>
  );
}
