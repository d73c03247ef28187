/** A part of the desk: heading, tools, age, body. Old figures dim but stay. */
import type { ReactNode } from "react";
import { FRESHNESS_WORDS, isDim, type Freshness } from "../domain/freshness";
import { shortLength } from "../domain/time";

type PanelProps = {
  id: string;
  title: ReactNode;
  label: string;
  tools?: ReactNode;
  freshness?: Freshness;
  freshnessTip?: string;
  children: ReactNode;
};

export function Panel({ id, title, label, tools, freshness, freshnessTip, children }: PanelProps): ReactNode {
  const dim = freshness !== undefined && isDim(freshness.state);
  return (
    <section className={`panel panel-${id}${dim ? " is-dim" : ""}`} aria-label={label} id={id}>
      <header className="panel-head">
        <h2>{title}</h2>
        {tools}
        {freshness !== undefined && <Age freshness={freshness} detail={freshnessTip ?? ""} />}
      </header>
      <div className="panel-body">{children}</div>
    </section>
  );
}

type AgeProps = { freshness: Freshness; detail: string };

/** "Live · 4s": the state in a word, the age beside it. */
export function Age({ freshness, detail }: AgeProps): ReactNode {
  const { label, meaning } = FRESHNESS_WORDS[freshness.state];
  const tip = detail === "" ? meaning : `${meaning}\n${detail}`;
  return (
    <span className={`age age-${freshness.state}`} data-tip={tip}>
      <span className="dot" aria-hidden="true" />
      {label}
      {freshness.ageMs !== null && <span className="num age-length">{shortLength(freshness.ageMs)}</span>}
    </span>
  );
}
