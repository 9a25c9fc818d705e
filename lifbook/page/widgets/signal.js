// Time courses that were computed before: make choices, see the curves.
import { chart, draw } from "../shared/chart.js";
import { adopt, follow, h, set } from "../shared/dom.js";
import { sliderRow } from "../shared/sliders.js";

function render({ model, el, signal }) {
  const axes = model.get("axes"); // [{trait, label, options: [text, ...]}]
  const series = model.get("series"); // [{label, colour, dash, most}]
  const times = model.get("times"); // minutes
  const peaks = model.get("peaks"); // [state][series] = [minute or null, value]
  const packed = model.get("curves"); // 8-bit numbers, [state][series][time]
  const { what, columns, rows } = model.get("measures"); // rows: [state][column] = text
  const reference = model.get("reference") || "the start";
  const values = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
  adopt(el);

  const state = () => axes.reduce((at, { trait, options }) => at * options.length + model.get(trait), 0);
  const curve = (which, at) => {
    const start = (at * series.length + which) * times.length;
    return times.map((_, i) => (values[start + i] / 255) * series[which].most);
  };

  const controls = axes.map(({ trait, label, options, slider }) => {
    if (slider) {
      const { row, show: say } = sliderRow(label, { min: 0, max: options.length - 1, step: 1,
        oninput: ({ target }) => set(model, { [trait]: Number(target.value) }) });
      return { trait, row, show: (at) => say(at, options[at]) };
    }
    const buttons = options.map((text, at) => h("button", { type: "button", "data-option": at,
      onclick: () => set(model, { [trait]: at }) }, text));
    return { trait, row: h("div", { class: "lif-choice", role: "group", "aria-label": label },
      h("span", { class: "lif-viewer__grouplabel", "aria-hidden": "true" }, label), ...buttons),
    show: (at) => buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === at))) };
  });
  const presets = model.get("presets").map(({ label, state: at, choices }) => ({ at,
    button: h("button", { type: "button", onclick: () => set(model, choices) }, label) }));

  const start = state();
  const top = series.map((_, which) => peaks[start][which][1] || 1);
  const last = times.at(-1);
  const scaled = (which, at) => curve(which, at).map((value, i) => [times[i], value / top[which]]);
  const figure = h("div", { class: model.get("panels") ? "lif-panels" : null });
  const legend = h("p", { class: "lif-note" });
  const says = h("p", { class: "lif-says", role: "status" });
  const body = h("tbody");
  el.append(h("div", { class: "lif-panel" },
    presets.length ? h("div", { class: "lif-choice", role: "group", "aria-label": "Examples" }, ...presets.map((item) => item.button)) : null,
    ...controls.map((item) => item.row), figure, legend, says,
    rows ? h("div", { class: "lif-table", tabindex: 0, role: "region", "aria-label": `Measures of ${what}` },
      h("table", {}, h("thead", {}, h("tr", {}, ...[what, ...columns].map((text) => h("th", { scope: "col" }, text)))), body)) : null,
    h("p", { class: "lif-note" }, model.get("source"))));

  const key = ({ label, colour, dash }) => [
    h("span", { class: `lif-key${dash ? " lif-key--dashed" : ""}`, style: `--mark:${colour}` }), `${label} `];
  const xAxis = (parts) => ({ min: 0, max: last, label: model.get("time_label"),
    ticks: Array.from({ length: parts + 1 }, (_, i) => [(i * last) / parts, String(Math.round((i * last) / parts))]) });
  const line = ({ colour, dash }, d, ghost) => draw("path", { class: `line${ghost ? " ghost" : ""}`, stroke: ghost === "grey"
    ? "currentColor" : colour, "stroke-dasharray": ghost === "grey" ? "3 3" : dash, d });

  let show;
  if (model.get("panels")) {
    legend.append(...key({ label: "your choice", colour: "var(--lif-text)" }),
      ...key({ label: `${reference}, whose peak is 1`, colour: "currentColor", dash: "3 3" }));
    // The top of an axis doubles when a curve needs it, so that small changes stay comparable.
    show = (at, text) => figure.replaceChildren(...series.map((item, which) => {
      const most = 1.25 * 2 ** Math.max(0, Math.ceil(Math.log2(peaks[at][which][1] / top[which] / 1.25)));
      const plot = chart({ label: `${item.label}. ${text[which]}`, width: 320, height: 170, x: xAxis(4),
        y: { min: 0, max: most, label: "", ticks: [[0, "0"], [1, "1"], ...(most > 2 ? [[most, String(most)]] : [])] } });
      plot.body.append(line(item, plot.path(scaled(which, at))));
      if (at !== start) plot.body.append(line(item, plot.path(scaled(which, start)), "grey"));
      return h("figure", {}, h("figcaption", {}, h("span", { class: "lif-key", style: `--mark:${item.colour}` }), item.label), plot.svg);
    }));
  } else {
    const most = Math.ceil(2 * Math.max(1, ...peaks.flatMap((row) => row.map(([, value], which) => value / top[which])))) / 2;
    const plot = chart({ label: "", width: 560, height: 270, x: xAxis(6),
      y: { min: 0, max: most, label: "peak of the start = 1",
        ticks: Array.from({ length: Math.floor(most) + 1 }, (_, i) => [i, String(i)]) } });
    figure.append(plot.svg);
    legend.append(...series.flatMap(key));
    show = (at, text) => {
      plot.body.replaceChildren(...(at === start ? [] : series.map((item, which) => line(item, plot.path(scaled(which, start)), "own"))),
        ...series.map((item, which) => line(item, plot.path(scaled(which, at)))));
      plot.title.textContent = `Model curves. ${text.join(" ")}`;
    };
  }

  follow(model, axes.map((item) => item.trait), () => {
    const at = state();
    controls.forEach((control) => control.show(model.get(control.trait)));
    presets.forEach((item) => item.button.setAttribute("aria-pressed", String(item.at === at)));
    const text = series.map(({ label }, which) => {
      const [minute, value] = peaks[at][which]; // no minute: no peak, as signalling.peaks defines it
      const share = value / top[which];
      const times_ = `${share.toFixed(2)} times ${reference === "the start" ? "the start's" : `that of the ${reference}`}`;
      return share < 0.01 ? `${label} stays near zero`
        : minute === null ? `${label} rises to a plateau, ${times_}`
          : minute === 0 ? `${label} falls from the beginning, ${times_}`
            : `${label} peaks at ${minute.toFixed(0)} min, ${times_}`;
    });
    says.textContent = `${text.join("; ")}.${at === start || model.get("panels") ? "" : " Thin lines: the start."}`;
    show(at, text);
    if (rows) {
      const entry = (name, which) => h("tr", {}, h("th", { scope: "row" }, name), ...rows[which].map((cell) =>
        h("td", { class: "lif-table__number" }, cell)));
      body.replaceChildren(entry(reference, start), ...(at === start ? [] : [entry("your choice", at)]));
    }
  }, signal);
}

export default { render };
