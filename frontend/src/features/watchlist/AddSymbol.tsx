/** The field that adds a symbol. */
import { useState, type ReactNode, type SubmitEvent } from "react";
import { symbolName } from "../../domain/quotes";

type AddSymbolProps = {
  symbols: readonly string[] | undefined;
  onAdd: (symbol: string) => Promise<boolean>;
  onTyping: () => void;
  onProblem: (text: string) => void;
};

export function AddSymbol({ symbols, onAdd, onTyping, onProblem }: AddSymbolProps): ReactNode {
  const [text, setText] = useState("");
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const symbol = text.trim().toUpperCase();
    if (symbol === "") onProblem("Type a symbol first, for example SPY.");
    else if (symbols?.includes(symbol) === true) onProblem(`${symbolName(symbol)} is on the list already.`);
    else if (await onAdd(symbol)) setText("");
  };
  return (
    <form className="add-symbol" onSubmit={(event) => void submit(event)}>
      <input
        aria-label="Symbol to watch"
        value={text}
        placeholder="Symbol"
        maxLength={32}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="characters"
        disabled={symbols === undefined}
        onChange={(event) => {
          setText(event.target.value);
          onTyping();
        }}
      />
      <button type="submit" className="button" disabled={symbols === undefined}>
        Add
      </button>
    </form>
  );
}
