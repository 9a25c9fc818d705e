import assert from "node:assert/strict";
import { test } from "node:test";
import { binomial, binomialLimits, fisher, logFactorial, oddsRatio, power, pValues } from "./exact.js";

const near = (found, wanted, within = 1e-9) => assert.ok(Math.abs(found - wanted) <= within, `${found}, not ${wanted}`);

test("factorials", () => {
  assert.equal(logFactorial(0), 0);
  near(logFactorial(5), Math.log(120), 1e-12);
  near(logFactorial(170), 706.573062245787, 1e-9);
});

test("chances of a binomial add up to one, also where the share is none or all", () => {
  for (const share of [0, 1e-6, 0.3, 1]) {
    const chances = binomial(12, share);
    assert.equal(chances.length, 13);
    near(
      chances.reduce((a, b) => a + b, 0),
      1,
      1e-12,
    );
  }
  assert.deepEqual(binomial(2, 0), [1, 0, 0]);
  assert.deepEqual(binomial(2, 1), [0, 0, 1]);
});

test("Fisher's lady, who tasted tea: 3 of 4 and 1 of 4", () => {
  near(fisher(3, 4, 1, 4), 34 / 70, 1e-12);
  near(fisher(4, 4, 0, 4), 2 / 70, 1e-12);
});

test("P values of tables that are equally likely are the same", () => {
  const { first, found } = pValues(4, 4, 4);
  assert.equal(first, 0);
  assert.equal(found.length, 5);
  near(found[0], found[4], 1e-12);
  near(found[2], 1, 1e-12);
});

test("an odds ratio without end has no upper limit", () => {
  const none = oddsRatio(0, 10, 5, 10);
  assert.equal(none.estimate, 0);
  assert.equal(none.low, 0);
  assert.ok(none.high > 0 && none.high < 1);
  const all = oddsRatio(10, 10, 5, 10);
  assert.equal(all.estimate, Number.POSITIVE_INFINITY);
  assert.equal(all.high, Number.POSITIVE_INFINITY);
  assert.ok(all.low > 1);
});

test("the rule of three is near the exact bound of no event", () => {
  const { low, bound, high } = binomialLimits(0, 41);
  assert.equal(low, 0);
  near(bound, 1 - 0.05 ** (1 / 41), 1e-9);
  near(high, 1 - 0.025 ** (1 / 41), 1e-9);
  assert.equal(binomialLimits(7, 7).bound, 1);
});

test("power grows with the samples, and is at most alpha where there is nothing to find", () => {
  assert.ok(power(20, 20, 0.5, 0.1) < power(60, 60, 0.5, 0.1));
  assert.ok(power(40, 40, 0.2, 0.2) <= 0.05);
});
