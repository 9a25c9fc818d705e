// Atoms and residues of a 3Dmol view: what needs no page.

/**
 * An entry as Python hands it over.
 * @typedef {object} Entry
 * @property {string} entry
 * @property {string} coordinates
 * @property {string[]} chains
 * @property {number[]} matrix three rows of four, or nothing
 * @property {Record<string, { molecule: string, offset: number | null, colour: string }>} numbering
 */

/**
 * Add a model to the 3Dmol view, without the chains that are not wanted, moved by a 3×4 matrix.
 * @param {any} view a viewer of 3Dmol
 * @param {string} text in PDB format
 * @param {Entry} entry
 */
export function addEntry(view, text, { chains, matrix }) {
  const molecule = view.addModel(text, "pdb", { keepH: false });
  const unwanted = chains.length ? molecule.selectedAtoms({}).filter((atom) => !chains.includes(atom.chain)) : [];
  if (unwanted.length) molecule.removeAtoms(unwanted);
  if (matrix.length) {
    for (const atom of molecule.selectedAtoms({})) {
      const { x, y, z } = atom;
      [atom.x, atom.y, atom.z] = [0, 4, 8].map(
        (row) => matrix[row] * x + matrix[row + 1] * y + matrix[row + 2] * z + matrix[row + 3],
      );
    }
  }
  return molecule;
}

/**
 * Shortest way between two orientations (quaternions at places 4 to 7 of a 3Dmol view).
 * @param {number[]} from
 * @param {number[]} to
 * @param {number} t from 0 to 1
 */
export function between(from, to, t) {
  const dot = [4, 5, 6, 7].reduce((sum, i) => sum + from[i] * to[i], 0);
  const sign = dot < 0 ? -1 : 1;
  const mixed = from.map((value, i) => value + ((i < 4 ? to[i] : sign * to[i]) - value) * t);
  const norm = Math.hypot(mixed[4], mixed[5], mixed[6], mixed[7]);
  return mixed.map((value, i) => (i < 4 ? value : value / norm));
}

/**
 * One residue as a 3Dmol selection; `id` is "2Q7N:B:156". An entry can be there twice, as deposited
 * and moved: the one that the scene draws counts.
 * @param {string} id
 * @param {Entry[]} entries
 * @param {any} view a viewer of 3Dmol
 * @returns {{ model: number, chain: string, resi: number } | null}
 */
export function selection(id, entries, view) {
  const [entry, chain, number] = id.split(":");
  const found = entries.flatMap((item, model) =>
    item.entry === entry ? [{ model, chain, resi: Number(number) }] : [],
  );
  const drawn = (one) => view.selectedAtoms(one).some((atom) => Object.keys(atom.style).length);
  return found.find(drawn) ?? found[0] ?? null;
}

export const NAMES = {
  ALA: "Ala",
  ARG: "Arg",
  ASN: "Asn",
  ASP: "Asp",
  CYS: "Cys",
  GLN: "Gln",
  GLU: "Glu",
  GLY: "Gly",
  HIS: "His",
  ILE: "Ile",
  LEU: "Leu",
  LYS: "Lys",
  MET: "Met",
  PHE: "Phe",
  PRO: "Pro",
  SER: "Ser",
  THR: "Thr",
  TRP: "Trp",
  TYR: "Tyr",
  VAL: "Val",
};

/**
 * An atom's residue in words, with its numbers in the entry and in UniProt.
 * @param {{ model: number, chain: string, resn: string, resi: number, hetflag: boolean }} atom
 * @param {Entry[]} entries
 */
export function describe(atom, entries) {
  const { entry, numbering } = entries[atom.model];
  const known = numbering[atom.chain];
  if (atom.hetflag && !NAMES[atom.resn]) return `${atom.resn}${atom.resi}, a sugar of an N-glycan`;
  const residue = `${NAMES[atom.resn] ?? atom.resn}${atom.resi}`;
  if (!known) return `${residue}, chain ${atom.chain} of ${entry}`;
  const uniprot = known.offset === null ? "" : ` (UniProt ${atom.resi + known.offset})`;
  return `${residue}${uniprot}, ${known.molecule}, chain ${atom.chain} of ${entry}`;
}
