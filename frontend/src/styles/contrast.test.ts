import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
type Rgb = readonly [number, number, number];

/** The colours of one theme and palette, as the cascade would give them. */
function tokens(theme: string, palette: string): Map<string, Rgb> {
  const found = new Map<string, Rgb>();
  for (const [, selector = "", block = ""] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const fits = selector.includes(`[data-theme="${theme}"]`) && (!selector.includes("data-palette") || selector.includes(palette));
    if (!fits) continue;
    for (const [, name = "", hex = ""] of block.matchAll(/--([a-z-]+):\s*#([0-9a-f]{6});/g)) found.set(name, rgb(hex));
  }
  return found;
}

const rgb = (hex: string): Rgb => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
const mix = (a: Rgb, b: Rgb, share: number): Rgb => a.map((value, at) => value * share + (b[at] ?? 0) * (1 - share)) as unknown as Rgb;

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgb, b: Rgb): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const TEXTS = ["text", "soft", "faint", "amber", "red", "good", "up", "down"];
const GROUNDS = ["bg", "raised", "hover"];
const ON_GROUND: readonly [string, string][] = [
  ["amber", "amber-ground"],
  ["text", "amber-ground"],
  ["red", "red-ground"],
  ["text", "red-ground"],
  ["good", "good-ground"],
  ["text", "good-ground"],
  ["text", "flash-up"],
  ["text", "flash-down"],
  ["bg", "text"],
];

describe.each([
  ["dark", "classic"],
  ["dark", "blue-orange"],
  ["light", "classic"],
  ["light", "blue-orange"],
])("%s, %s", (theme, palette) => {
  const colours = tokens(theme, palette);
  const colour = (name: string): Rgb => {
    const value = colours.get(name);
    if (value === undefined) throw new Error(`There is no colour --${name}.`);
    return value;
  };
  const pairs = [...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)), ...ON_GROUND];

  it.each(pairs)("%s on %s is readable", (text, ground) => {
    expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it("stays readable when old figures step back", () => {
    for (const name of ["up", "down"]) {
      expect(contrast(mix(colour(name), colour("faint"), 0.55), colour("bg"))).toBeGreaterThanOrEqual(4.5);
    }
  });
});

it("has a different up and down in the second palette", () => {
  expect(tokens("dark", "blue-orange").get("up")).not.toEqual(tokens("dark", "classic").get("up"));
});
