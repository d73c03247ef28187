/** A figure in its shape, or the dash that tells why there is none. */
import { createContext, useContext, type ReactNode } from "react";
import type { Decimal } from "../domain/decimal";
import { DASH, figure, HIDDEN, type Shape } from "../domain/format";
import { Reveal } from "./Tip";

/** Whether amounts are hidden from who looks over one's shoulder. */
const Privacy = createContext(false);
export const PrivacyProvider = Privacy.Provider;
export const usePrivacy = (): boolean => useContext(Privacy);

type FigureTextProps = { value: Decimal; shape: Shape; tone?: boolean };

/** The digits of a figure; with `tone` its sign has a colour too, beside the sign itself. */
export function FigureText({ value, shape, tone = false }: FigureTextProps): ReactNode {
  const hidden = usePrivacy() && shape.amount === true;
  if (hidden) return <HiddenAmount />;
  const { head, tail, sign } = figure(value, shape);
  const colour = tone ? (sign > 0 ? " up" : sign < 0 ? " down" : "") : "";
  return (
    <span className={`num${colour}`}>
      {head}
      {tail !== "" && <span className={shape.unit === "%" && tail === "%" ? "unit" : "quiet"}>{tail}</span>}
    </span>
  );
}

function HiddenAmount(): ReactNode {
  return (
    <span className="num hidden-amount">
      <span aria-hidden="true">{HIDDEN}</span>
      <span className="sr-only">hidden</span>
    </span>
  );
}

/** The dash of a value that is not there, with its reason for eye, keyboard and ear. */
export function Missing({ reason }: { reason: string }): ReactNode {
  return (
    <Reveal tip={reason} className="missing">
      <span aria-hidden="true">{DASH}</span>
      <span className="sr-only">not available</span>
    </Reveal>
  );
}

type AmountProps = { value: Decimal | null; shape: Shape; reason: string; tone?: boolean };

export function Amount({ value, shape, reason, tone = false }: AmountProps): ReactNode {
  return value === null ? <Missing reason={reason} /> : <FigureText value={value} shape={shape} tone={tone} />;
}
