/**
 * Exact statistics of small samples, the same as lifbook.statistics, for a page without Python.
 * A 2x2 table is four counts: carriers and number of the cases, carriers and number of the controls.
 */
const LOG_FACTORIALS = [0];
/** What rounding has taken from the last of them. */
let carried = 0;

/**
 * Logarithm of n!, summed once with the rounding errors carried along (Neumaier).
 * @param {number} n
 */
export function logFactorial(n) {
  for (let at = LOG_FACTORIALS.length; at <= n; at += 1) {
    const term = Math.log(at) + carried;
    const sum = LOG_FACTORIALS[at - 1] + term;
    carried = term - (sum - LOG_FACTORIALS[at - 1]);
    LOG_FACTORIALS.push(sum);
  }
  return LOG_FACTORIALS[n];
}

const logChoose = (n, k) => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

/**
 * Probabilities of 0 to `size` carriers when each person is one with chance `share`.
 * @param {number} size
 * @param {number} share
 */
export function binomial(size, share) {
  return Array.from({ length: size + 1 }, (_, k) =>
    share === 0 || share === 1
      ? Number(k === (share ? size : 0))
      : Math.exp(logChoose(size, k) + k * Math.log(share) + (size - k) * Math.log1p(-share)),
  );
}

/** Chances of the tables that have the same margins, if the odds ratio is exp(logOdds). */
function tables(together, cases, controls, logOdds = 0) {
  const first = Math.max(0, together - controls);
  const logs = Array.from(
    { length: Math.min(together, cases) - first + 1 },
    (_, i) => logChoose(cases, first + i) + logChoose(controls, together - first - i) + (first + i) * logOdds,
  );
  const most = Math.max(...logs);
  const weights = logs.map((value) => Math.exp(value - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  return { first, chances: weights.map((value) => value / sum) };
}

/**
 * Fisher's two-sided P value of each table with this number of carriers in all, from `first` on.
 * @param {number} together
 * @param {number} cases
 * @param {number} controls
 */
export function pValues(together, cases, controls) {
  const { first, chances } = tables(together, cases, controls);
  const order = chances.map((_, i) => i).sort((a, b) => chances[a] - chances[b]);
  const found = new Array(chances.length);
  let [sum, next] = [0, 0];
  for (const at of order) {
    // Tables count as equally likely within one part in ten million.
    while (next < order.length && chances[order[next]] <= chances[at] * (1 + 1e-7)) {
      sum += chances[order[next]];
      next += 1;
    }
    found[at] = sum;
  }
  return { first, found };
}

/**
 * Fisher's two-sided P value of a table.
 * @param {number} a
 * @param {number} cases
 * @param {number} b
 * @param {number} controls
 */
export function fisher(a, cases, b, controls) {
  const { first, found } = pValues(a + b, cases, controls);
  return Math.min(1, found[a - first]);
}

/**
 * Power of Fisher's two-sided test: every table that two samples can give.
 * @param {number} cases
 * @param {number} controls
 * @param {number} caseShare
 * @param {number} controlShare
 * @param {number} [alpha]
 */
export function power(cases, controls, caseShare, controlShare, alpha = 0.05) {
  const one = binomial(cases, caseShare);
  const two = binomial(controls, controlShare);
  const ends = (chances) => [
    chances.findIndex((value) => value > 1e-17),
    chances.findLastIndex((value) => value > 1e-17),
  ];
  const [a0, a1] = ends(one);
  const [b0, b1] = ends(two);
  let total = 0;
  for (let together = a0 + b0; together <= a1 + b1; together += 1) {
    const { first, found } = pValues(together, cases, controls);
    for (let a = Math.max(a0, together - b1); a <= Math.min(a1, together - b0); a += 1) {
      if (found[a - first] <= alpha * (1 + 1e-7)) total += one[a] * two[together - a];
    }
  }
  return Math.min(1, total);
}

/** The number between `low` and `high` at which the falling or rising `excess` is zero. */
function zero(excess, low, high) {
  const rising = excess(high) > 0;
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0 === rising) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/**
 * Odds ratio (conditional estimate) and its exact limits, which may be 0 or Infinity.
 * @param {number} a
 * @param {number} cases
 * @param {number} b
 * @param {number} controls
 * @param {number} [level]
 */
export function oddsRatio(a, cases, b, controls, level = 0.95) {
  const tail = (1 - level) / 2;
  const { first, chances } = tables(a + b, cases, controls);
  const at = a - first;
  const end = chances.length - 1;
  const part = (logOdds, from, to) =>
    tables(a + b, cases, controls, logOdds)
      .chances.slice(from, to)
      .reduce((sum, value) => sum + value, 0);
  const mean = (logOdds) =>
    tables(a + b, cases, controls, logOdds).chances.reduce((sum, value, i) => sum + value * (first + i), 0);
  return {
    estimate: at === 0 ? 0 : at === end ? Infinity : Math.exp(zero((x) => mean(x) - a, -30, 30)),
    low: at === 0 ? 0 : Math.exp(zero((x) => part(x, at) - tail, -30, 30)),
    high: at === end ? Infinity : Math.exp(zero((x) => part(x, 0, at + 1) - tail, -30, 30)),
  };
}

/**
 * Exact (Clopper-Pearson) limits of a share: two-sided, and the one-sided bound above.
 * @param {number} count
 * @param {number} total
 * @param {number} [level]
 */
export function binomialLimits(count, total, level = 0.95) {
  const sum = (share, from, to) =>
    binomial(total, share)
      .slice(from, to)
      .reduce((x, y) => x + y, 0);
  const upper = (tail) => (count === total ? 1 : zero((share) => tail - sum(share, 0, count + 1), 0, 1));
  const tail = (1 - level) / 2;
  return {
    low: count === 0 ? 0 : zero((share) => sum(share, count) - tail, 0, 1),
    high: upper(tail),
    bound: upper(1 - level),
  };
}
