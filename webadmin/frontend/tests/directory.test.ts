import { describe, expect, test } from "vitest";
import { type Button, distance, fold, letters, readDirectory, search, sorted } from "../kiosk/directory";

const button = (label: string, flat = "", people?: { label: string; user: string }[]): Button => ({
  id: label, user: label, label, sort: label.split(" ").at(-1)!, flat, kind: people ? "grouped" : "individual", ...(people ? { people } : {}),
});
const HOUSE = [
  button("Kari Berg", "H0101"), button("Åse Ødegård", "H0102"), button("Zahra Al-Khatib", "H0201"),
  button("Styret", "", [{ label: "Nora Dahl", user: "nora" }]), button("Jonas Moe", "H0401"), button("Flat 12", "12"),
];
const found = (typed: string): string[] => search(HOUSE, typed).map(({ label }) => label);

test("names are found without their accents, and with them", () => {
  for (const typed of ["odegard", "Ødegård", "ODEGAARD", "åse", "ase"]) expect(found(typed)[0]).toBe("Åse Ødegård");
});

test("a slip or two are forgiven", () => {
  for (const typed of ["berk", "breg", "krai", "kari brg"]) expect(found(typed)).toContain("Kari Berg");
  expect(found("zahar")).toContain("Zahra Al-Khatib");
  expect(found("xyzzy")).toEqual([]);
});

test("people behind a list are found by it", () => expect(found("nora")).toEqual(["Styret"]));

test("flat numbers are found with and without their letter", () => {
  expect(found("101")).toEqual(["Kari Berg"]);
  expect(found("h0401")).toEqual(["Jonas Moe"]);
  expect(found("12")[0]).toBe("Flat 12");
});

test("neither names nor what is typed are taken for a pattern or a page", () => {
  const evil = ["</b><img src=x onerror=alert(1)>", "(.*)+$", "\\", "__proto__", "constructor"].map((label) => button(label, label));
  for (const { label } of evil) expect(search([...HOUSE, ...evil], label).map((each) => each.label)).toContain(label);
  for (const typed of [".*", "(", "[a-z]", "$&", "\u0000", "%00"]) expect(() => search(evil, typed)).not.toThrow();
  expect(search(evil, "a".repeat(100_000))).toEqual([]);
});

test("nothing typed shows everybody", () => expect(found(" ")).toHaveLength(HOUSE.length));

test("letters come in the order of the alphabet", () => {
  expect(letters(sorted(HOUSE))).toEqual(["#", "A", "B", "M", "S", "Ø"]);
});

test("folding takes any script", () => expect(fold("  Łukasz   Æble-Ås ")).toBe("łukasz aeble as"));

test("distance counts a swap once", () => expect([distance("breg", "berg", 2), distance("a", "abcd", 2)]).toEqual([1, 3]));

describe("a directory that came broken", () => {
  test("is drawn without what is wrong", () => {
    const read = readDirectory({ building: 7, idle_seconds: 1e9, buttons: [null, { label: "A" }, button("B")] });
    expect([read.building, read.idle_seconds, read.buttons.length]).toEqual(["", 300, 1]);
    expect(readDirectory(undefined).buttons).toEqual([]);
  });
  test("says that it is in service mode only as far as it is told until when", () => {
    const service = { until: "2026-11-22T12:00:00+00:00", picture: 2 };
    expect(readDirectory({ service }).service).toEqual(service);
    for (const wrong of [null, 7, {}, { until: 5, picture: 1 }, { until: "x", picture: 0 }]) {
      expect(readDirectory({ service: wrong }).service).toBeUndefined();
    }
  });
  test("shows the caretaker by its key alone", () => {
    const read = readDirectory({ caretaker: { user: "Jonas Moe", label: "x" }, buttons: HOUSE });
    expect(read.buttons.map(({ user }) => user)).not.toContain("Jonas Moe");
  });
});
