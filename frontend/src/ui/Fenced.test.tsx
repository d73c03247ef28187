import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { expect, it, vi } from "vitest";
import { Fenced } from "./Fenced";

it("says in a panel's place that it failed, leaves the others, and lets one try again", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  let broken = true;
  function Panel(): ReactNode {
    if (broken) throw new Error("no");
    return <p>Figures</p>;
  }
  render(
    <>
      <Fenced name="Positions" className="panel-positions">
        <Panel />
      </Fenced>
      <p>Others</p>
    </>,
  );
  expect(screen.getByRole("alert").textContent).toContain("Positions met something it cannot show.");
  expect(screen.getByText("Others")).toBeTruthy();
  broken = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(screen.getByText("Figures")).toBeTruthy();
});
