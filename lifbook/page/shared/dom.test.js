import assert from "node:assert/strict";
import { test } from "node:test";
import { decades } from "./chart.js";
import { follow, pick, set, tabStop } from "./dom.js";

/** A model as anywidget's, with nothing behind it. */
function makeModel(values) {
  const followers = new Map();
  const model = {
    saved: 0,
    get: (trait) => values[trait],
    set: (trait, value) => {
      values[trait] = value;
      for (const action of followers.get(`change:${trait}`) ?? []) action();
    },
    save_changes: () => {
      model.saved += 1;
    },
    on: (event, action) => followers.set(event, [...(followers.get(event) ?? []), action]),
    off: (event, action) =>
      followers.set(
        event,
        followers.get(event).filter((one) => one !== action),
      ),
    widget_manager: { get_model: async () => model },
  };
  return model;
}

test("an action runs at once, after each change, and no more when the signal aborts", () => {
  const model = makeModel({ one: 1, two: 2 });
  const end = new AbortController();
  let runs = 0;
  follow(
    model,
    ["one", "two"],
    () => {
      runs += 1;
    },
    end.signal,
  );
  assert.equal(runs, 1);
  set(model, { one: 3, two: 4 });
  assert.equal(runs, 3);
  assert.equal(model.saved, 1);
  end.abort();
  set(model, { one: 5 });
  assert.equal(runs, 3);
});

test("what is picked a second time is let go", () => {
  const model = makeModel({ picked: "" });
  pick(model, "a");
  assert.equal(model.get("picked"), "a");
  pick(model, "b");
  assert.equal(model.get("picked"), "b");
  pick(model, "b");
  assert.equal(model.get("picked"), "");
});

test("exactly one of several can be reached with Tab", () => {
  /** @type {any[]} */
  const items = [{}, {}, {}];
  tabStop(items, items[1]);
  assert.deepEqual(
    items.map((item) => item.tabIndex),
    [-1, 0, -1],
  );
});

test("concentrations are marked in pM below one nM", () => {
  assert.deepEqual(decades(0.01, 10), [
    [0.01, "10 pM"],
    [0.1, "100 pM"],
    [1, "1 nM"],
    [10, "10 nM"],
  ]);
});
