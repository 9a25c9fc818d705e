/** What holds at given logarithms of the free concentrations; at the minimum of `potential` all of `error` is zero. */
function balances({ totals, logK, counts, there }, at) {
  const free = at.map((x, i) => (totals[i] > 0 ? Math.exp(x) : 0));
  const bound = counts.map((row, n) => Math.exp(row.reduce((sum, count, i) => sum + count * at[i], logK[n])));
  const error = totals.map((total, i) => bound.reduce((sum, b, n) => sum + b * counts[n][i], free[i]) - total);
  const all = [...free, ...bound].reduce((sum, x) => sum + x, 0);
  return { free, bound, error, potential: there.reduce((sum, i) => sum - totals[i] * at[i], all) };
}

/** Solve lower · lowerᵀ · x = step by Cholesky's method, in place: `lower` comes as the lower half of the matrix. */
function solve(lower, step) {
  const size = step.length;
  for (let a = 0; a < size; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      for (let k = 0; k < b; k += 1) lower[a][b] -= lower[a][k] * lower[b][k];
      lower[a][b] = a === b ? Math.sqrt(Math.max(lower[a][a], 1e-300)) : lower[a][b] / lower[b][b];
    }
    for (let k = 0; k < a; k += 1) step[a] -= lower[a][k] * step[k];
    step[a] /= lower[a][a];
  }
  for (let a = size - 1; a >= 0; a -= 1) {
    for (let k = a + 1; k < size; k += 1) step[a] -= lower[k][a] * step[k];
    step[a] /= lower[a][a];
  }
}

/** Newton's step. Both sides are divided by the square roots of the totals, so that the matrix is well scaled. */
function newtonStep({ totals, counts, there }, { free, bound, error }) {
  const root = there.map((i) => Math.sqrt(totals[i]));
  const curvature = (i, j) => bound.reduce((sum, x, n) => sum + x * counts[n][i] * counts[n][j], i === j ? free[i] : 0);
  const scaled = (i, a) => (j, b) => (curvature(i, j) / (root[a] * root[b])) * (i === j ? 1 + 1e-15 : 1);
  const lower = there.map((i, a) => there.slice(0, a + 1).map(scaled(i, a)));
  const step = there.map((i, a) => -error[i] / root[a]);
  solve(lower, step);
  return { step, root };
}

/**
 * Every free molecule and complex at equilibrium, for one condition. The same as
 * lifbook.signalling.equilibrium, for a page without Python.
 *
 * The logarithms of the free concentrations are the minimum of a strictly convex function whose
 * gradient are the mass balances: a few rounds of iterative scaling come near it from anywhere,
 * Newton steps with a line search end it.
 *
 * totals: concentration of each component; logK: one for each complex; counts: how many of each
 * component a complex holds. Returns { free, bound } in the order of the components and complexes.
 * @param {number[]} totals
 * @param {number[]} logK
 * @param {number[][]} counts
 */
export function equilibrium(totals, logK, counts) {
  const there = totals.flatMap((total, i) => (total > 0 ? [i] : []));
  const system = { totals, logK, counts, there };
  let logs = totals.map((total) => (total > 0 ? Math.log(total) : -1e5)); // exp(-1e5) is 0
  const most = Math.max(1, ...counts.map((row) => row.reduce((sum, x) => sum + x, 0)));
  for (let round = 0; round < 40; round += 1) {
    const { error } = balances(system, logs);
    for (const i of there) logs[i] -= Math.log1p(error[i] / totals[i]) / most;
  }
  let now = balances(system, logs);
  const off = (state) => Math.max(0, ...there.map((i) => Math.abs(state.error[i]) / totals[i]));
  for (let round = 0; round < 200; round += 1) {
    const { step, root } = newtonStep(system, now);
    const gain = there.reduce((sum, i, a) => sum + now.error[i] * (step[a] / root[a]), 0);
    const slack = 1e-13 * (Math.abs(now.potential) + totals.reduce((sum, x) => sum + x, 0));
    let [next, tried] = [logs, now];
    for (let length = 1; length > 1e-18; length /= 2) {
      next = [...logs];
      for (const [a, i] of there.entries()) next[i] += (length * step[a]) / root[a];
      tried = balances(system, next);
      if (tried.potential <= now.potential + 1e-4 * length * gain + slack) break;
    }
    // Near the end the potential is flat within rounding: there the balances decide.
    if (off(now) < 1e-10 && off(tried) >= off(now)) break;
    logs = next;
    now = tried;
  }
  return now;
}
