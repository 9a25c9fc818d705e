import assert from "node:assert/strict";
import { test } from "node:test";
import { bind, halfSaturation } from "./binding.js";
import { equilibrium } from "./equilibrium.js";

const near = (found, wanted, part = 1e-9) =>
  assert.ok(Math.abs(found - wanted) <= part * Math.max(1e-12, Math.abs(wanted)), `${found}, not ${wanted}`);

test("what is free and what is bound adds up to the totals", () => {
  for (const [ligand, lifr, gp130] of [
    [1, 2, 3],
    [1e-3, 50, 0.2],
    [500, 1e-2, 1e-2],
  ]) {
    const found = bind(ligand, lifr, gp130, 1, 0.1);
    near(found.ligand + found.binary + found.ternary, ligand);
    near(found.lifr + found.binary + found.ternary, lifr);
    near(found.gp130 + found.ternary, gp130);
    near(found.ligand * found.lifr, 1 * found.binary);
    near(found.binary * found.gp130, 0.1 * found.ternary);
  }
});

test("without gp130 there is no ternary complex, and the pairs solve their quadratic", () => {
  const found = bind(2, 2, 0, 1, 0.1);
  assert.equal(found.ternary, 0);
  near(found.binary, 1);
});

test("at half saturation half of what can be reached is reached", () => {
  const [lifr, gp130, kdLifr, kdGp130] = [0.5, 0.3, 1, 0.05];
  const half = halfSaturation(lifr, gp130, kdLifr, kdGp130);
  const most = bind(1e9, lifr, gp130, kdLifr, kdGp130).ternary;
  near(bind(half, lifr, gp130, kdLifr, kdGp130).ternary, most / 2, 1e-6);
  near(bind(halfSaturation(lifr, 0, kdLifr, kdGp130), lifr, 0, kdLifr, kdGp130).binary, lifr / 2, 1e-9);
});

test("the general solver agrees with two-step binding", () => {
  const [ligand, lifr, gp130, kdLifr, kdGp130] = [0.7, 0.4, 0.2, 0.9, 0.08];
  const logK = [-Math.log(kdLifr), -Math.log(kdLifr) - Math.log(kdGp130)];
  const counts = [
    [1, 1, 0],
    [1, 1, 1],
  ];
  const { free, bound } = equilibrium([ligand, lifr, gp130], logK, counts);
  const wanted = bind(ligand, lifr, gp130, kdLifr, kdGp130);
  near(bound[0], wanted.binary);
  near(bound[1], wanted.ternary);
  near(free[2], wanted.gp130);
});

test("a component that is not there stays out", () => {
  const { free, bound } = equilibrium([1, 0], [0], [[1, 1]]);
  assert.deepEqual(bound, [0]);
  assert.equal(free[1], 0);
  near(free[0], 1);
});
