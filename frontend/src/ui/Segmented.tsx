/** A few choices side by side, of which one is on. */
import type { ReactNode } from "react";

type SegmentedProps<T extends string> = {
  label: string;
  choices: readonly T[];
  names: Readonly<Record<T, ReactNode>>;
  value: T;
  onChoose: (choice: T) => void;
};

export function Segmented<T extends string>({ label, choices, names, value, onChoose }: SegmentedProps<T>): ReactNode {
  return (
    <div className="segmented" role="group" aria-label={label}>
      {choices.map((choice) => (
        <button key={choice} type="button" className="segment" aria-pressed={choice === value} onClick={() => onChoose(choice)}>
          {names[choice]}
        </button>
      ))}
    </div>
  );
}
