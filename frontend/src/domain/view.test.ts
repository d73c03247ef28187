import { describe, expect, it } from "vitest";
import { EMPTY_VIEW, readView, writeView, type View } from "./view";

const FULL: View = {
  page: "statement",
  account: 7,
  query: "spx put",
  types: ["OPT", "ETF"],
  sort: [
    { id: "pl_day", desc: true },
    { id: "symbol", desc: false },
  ],
  group: "type",
  range: "custom",
  from: "2026-02-01",
  to: "2026-02-28",
  by: "month",
};

describe("the view in the address", () => {
  it("comes back as it was written", () => {
    expect(readView(writeView("", FULL))).toEqual(FULL);
    expect(readView("")).toEqual(EMPTY_VIEW);
  });

  it("is readable", () => {
    expect(writeView("", FULL)).toBe(
      "?account=7&q=spx+put&type=OPT,ETF&sort=-pl_day,symbol&page=statement&group=type&range=custom&by=month&from=2026-02-01&to=2026-02-28",
    );
    expect(writeView("", EMPTY_VIEW)).toBe("");
  });

  it("leaves other parameters alone", () => {
    expect(writeView("?schwab=connected&account=7", EMPTY_VIEW)).toBe("?schwab=connected");
  });

  it("passes over what makes no sense", () => {
    expect(readView("?account=abc&type=OPT,NOPE,&sort=")).toEqual({ ...EMPTY_VIEW, types: ["OPT"] });
    expect(readView("?account=-1").account).toBeNull();
    expect(readView("?type=constructor").types).toEqual([]);
    expect(readView("?page=admin&range=forever&from=2026-02-31&by=hour")).toEqual(EMPTY_VIEW);
  });
});
