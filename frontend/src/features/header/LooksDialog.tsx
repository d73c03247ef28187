/** How the page looks to this browser: colours, density, clock, privacy. */
import type { ReactNode } from "react";
import { CloseButton, Dialog } from "../../ui/Dialog";
import { Segmented } from "../../ui/Segmented";
import { choose, usePreference, type Preference, type PreferenceName } from "../../ui/usePreference";

export function LooksDialog({ onClose }: { onClose: () => void }): ReactNode {
  return (
    <Dialog title="Looks" onClose={onClose}>
      <dl className="looks">
        <Choice name="theme" label="Theme" choices={["dark", "light"]} names={{ dark: "Dark", light: "Light" }} />
        <Choice
          name="palette"
          label="Profit and loss"
          choices={["classic", "blue-orange"]}
          names={{ classic: "Green / red", "blue-orange": "Blue / orange" }}
        />
        <Choice name="density" label="Rows" choices={["compact", "normal", "roomy"]} names={{ compact: "Compact", normal: "Normal", roomy: "Roomy" }} />
        <Choice name="zone" label="Times" choices={["eastern", "local"]} names={{ eastern: "Eastern", local: "This computer's" }} />
        <Choice name="privacy" label="Amounts (p)" choices={["off", "on"]} names={{ off: "Shown", on: "Hidden" }} />
      </dl>
      <div className="actions">
        <CloseButton>Close</CloseButton>
      </div>
    </Dialog>
  );
}

type ChoiceProps<N extends PreferenceName> = {
  name: N;
  label: string;
  choices: readonly Preference<N>[];
  names: Readonly<Record<Preference<N>, string>>;
};

function Choice<N extends PreferenceName>({ name, label, choices, names }: ChoiceProps<N>): ReactNode {
  const [value] = usePreference(name);
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <Segmented<Preference<N>> label={label} choices={choices} names={names} value={value} onChoose={(next) => choose(name, next)} />
      </dd>
    </div>
  );
}
