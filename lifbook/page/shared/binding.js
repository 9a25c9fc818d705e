/**
 * Two-step binding at equilibrium: LIF + LIFR, then gp130. All numbers in nM.
 * The same as lifbook.signalling.bind, for a page without Python.
 *
 * For a given free gp130, LIF and LIFR pair as if they had one dissociation constant, and a
 * quadratic gives the pairs. The more gp130 is free, the more of it is bound as well, so that
 * free + bound - total has one zero: halving on a logarithmic scale finds it to the last digit.
 *
 * Arguments: total LIF, LIFR and gp130; dissociation constants of LIF from LIFR, and of gp130
 * from the pair. Returns what is free ({ligand, lifr, gp130}), LIF on LIFR without gp130
 * (binary), and all three together (ternary).
 * @param {number} ligand
 * @param {number} lifr
 * @param {number} gp130
 * @param {number} kdLifr
 * @param {number} kdGp130
 */
export function bind(ligand, lifr, gp130, kdLifr, kdGp130) {
  /** State at this concentration of free gp130, whether or not it adds up to the total. */
  const at = (free) => {
    const ratio = free / kdGp130;
    const kd = kdLifr / (1 + ratio);
    // Roots of the quadratic, none of them as a difference of nearly equal numbers.
    const root = Math.hypot(ligand - lifr, Math.sqrt(kd * (2 * (ligand + lifr) + kd)));
    const pairs = (2 * ligand * lifr) / (ligand + lifr + kd + root);
    const rest = (total, other) => {
      const excess = total - other - kd;
      return excess > 0 ? (excess + root) / 2 : (2 * kd * total) / (root - excess);
    };
    return {
      ligand: rest(ligand, lifr),
      lifr: rest(lifr, ligand),
      gp130: free,
      binary: pairs / (1 + ratio),
      ternary: (pairs * ratio) / (1 + ratio),
    };
  };
  let high = gp130;
  let low = gp130 / (1 + Math.min(ligand, lifr) / kdGp130);
  for (let step = 0; step < 200; step += 1) {
    const middle = Math.sqrt(low) * Math.sqrt(high);
    if (!(middle > low && middle < high)) break;
    if (middle + at(middle).ternary > gp130) high = middle;
    else low = middle;
  }
  return at(high);
}

/** Pairs that two molecules with totals `a` and `b` form, and what is left of `a`; no difference of nearly equal numbers. */
function pair(a, b, kd) {
  const root = Math.sqrt((a - b) * (a - b) + kd * (2 * (a + b) + kd));
  const excess = a - b - kd;
  return [
    (2 * a * b) / (a + b + kd + root),
    excess > 0 ? (root + excess) / 2 : (2 * kd * a) / (root + Math.abs(excess)),
  ];
}

/**
 * Total LIF at which half of what can be reached is reached, in closed form: half of the complexes with gp130, or,
 * where there is no gp130, half of LIFR. The same as lifbook.signalling.half_saturation.
 * @param {number} lifr
 * @param {number} gp130
 * @param {number} kdLifr
 * @param {number} kdGp130
 */
export function halfSaturation(lifr, gp130, kdLifr, kdGp130) {
  // What holds at half of the most is known, and the mass balances read backwards give the LIF.
  const ternary = gp130 ? pair(lifr, gp130, kdGp130)[0] / 2 : 0;
  const binary = gp130 ? (ternary * kdGp130) / (gp130 - ternary) : lifr / 2;
  return (binary * kdLifr) / (lifr - binary - ternary) + binary + ternary;
}
