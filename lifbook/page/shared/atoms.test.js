import assert from "node:assert/strict";
import { test } from "node:test";
import { addEntry, between, describe, selection } from "./atoms.js";

const ENTRIES = [
  {
    entry: "2Q7N",
    coordinates: "",
    chains: [],
    matrix: [],
    numbering: {
      B: { molecule: "human LIF", offset: 22, colour: "#000" },
      C: { molecule: "human X", offset: null, colour: "#000" },
    },
  },
  { entry: "1LKI", coordinates: "", chains: [], matrix: [], numbering: {} },
];

test("half-way between two orientations is the shorter way, and of length one", () => {
  const start = [0, 0, 0, -100, 0, 0, 0, 1];
  const end = [2, 0, 0, -50, 0, 0, -1, 0];
  const half = between(start, end, 0.5);
  assert.deepEqual(half.slice(0, 4), [1, 0, 0, -75]);
  assert.ok(Math.abs(Math.hypot(...half.slice(4)) - 1) < 1e-12);
  const turned = end.map((value, i) => (i < 4 ? value : -value));
  const other = between(start, [...turned.slice(0, 7), -0.1], 0.5);
  assert.ok(other[7] > 0); // not the long way round
});

test("an atom is named with its numbers", () => {
  const atom = { model: 0, chain: "B", resn: "PHE", resi: 156, hetflag: false };
  assert.equal(describe(atom, ENTRIES), "Phe156 (UniProt 178), human LIF, chain B of 2Q7N");
  assert.equal(describe({ ...atom, chain: "C" }, ENTRIES), "Phe156, human X, chain C of 2Q7N");
  assert.equal(describe({ ...atom, chain: "D" }, ENTRIES), "Phe156, chain D of 2Q7N");
  const sugar = { ...atom, resn: "NAG", resi: 1, hetflag: true };
  assert.equal(describe(sugar, ENTRIES), "NAG1, a sugar of an N-glycan");
});

test("of an entry that is there twice the model that is drawn is selected", () => {
  const seeing = (drawn) => ({ selectedAtoms: ({ model }) => [{ style: drawn === model ? { cartoon: {} } : {} }] });
  const twice = [...ENTRIES, ENTRIES[0]];
  assert.equal(selection("2Q7N:B:156", twice, seeing(2)).model, 2);
  assert.equal(selection("2Q7N:B:156", twice, seeing(9)).model, 0);
  assert.equal(selection("9XYZ:B:156", twice, seeing(0)), null);
});

test("an entry loses the chains that are not wanted and is moved by its matrix", () => {
  let atoms = [
    { chain: "A", x: 1, y: 2, z: 3 },
    { chain: "B", x: 0, y: 0, z: 0 },
  ];
  const molecule = {
    selectedAtoms: () => atoms,
    removeAtoms: (gone) => {
      atoms = atoms.filter((atom) => !gone.includes(atom));
    },
  };
  const turn = [0, -1, 0, 10, 1, 0, 0, 20, 0, 0, 1, 30];
  addEntry({ addModel: () => molecule }, "", { ...ENTRIES[0], chains: ["A"], matrix: turn });
  assert.deepEqual(atoms, [{ chain: "A", x: 8, y: 21, z: 33 }]);
});
