// Time courses that were computed before: make choices, see the curves.
function render({ model, el, signal }) {
  const axes = model.get("axes"); // [{trait, label, options: [text, ...]}]
  const series = model.get("series"); // [{label, colour, dash, most}]
  const times = model.get("times"); // minutes
  const peaks = model.get("peaks"); // [state][series] = [minute, value]
  const packed = model.get("curves"); // 8-bit numbers, [state][series][time]
  const values = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
  adopt(el);

  const state = () => axes.reduce((at, { trait, options }) => at * options.length + model.get(trait), 0);
  const curve = (which, at) => {
    const start = (at * series.length + which) * times.length;
    return times.map((_, i) => (values[start + i] / 255) * series[which].most);
  };

  const controls = axes.map(({ trait, label, options, slider }) => {
    if (slider) {
      const output = h("output", {});
      const input = h("input", { type: "range", min: 0, max: options.length - 1, step: 1,
        oninput: () => set(model, { [trait]: Number(input.value) }) });
      return { trait, row: h("label", { class: "lif-slider" }, `${label} `, output, input),
        show: (at) => {
          input.value = at;
          output.textContent = options[at];
          input.setAttribute("aria-valuetext", options[at]);
        } };
    }
    const buttons = options.map((text, at) => h("button", { type: "button", "data-option": at,
      onclick: () => set(model, { [trait]: at }) }, text));
    return { trait, row: h("div", { class: "lif-choice", role: "group", "aria-label": label },
      h("span", { class: "lif-viewer__grouplabel", "aria-hidden": "true" }, label), ...buttons),
    show: (at) => buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === at))) };
  });

  const start = state();
  const top = series.map((_, which) => peaks[start][which][1] || 1);
  const most = Math.ceil(2 * Math.max(1, ...peaks.flatMap((row) => row.map(([, value], which) => value / top[which])))) / 2;
  const last = times.at(-1);
  const plot = chart({ label: "", width: 560, height: 270,
    x: { min: 0, max: last, label: model.get("time_label"),
      ticks: Array.from({ length: 7 }, (_, i) => [(i * last) / 6, String(Math.round((i * last) / 6))]) },
    y: { min: 0, max: most, label: "peak of the start = 1",
      ticks: Array.from({ length: Math.floor(most) + 1 }, (_, i) => [i, String(i)]) } });
  const paths = series.map(({ colour, dash }) => draw("path", { class: "line", stroke: colour, "stroke-dasharray": dash }));
  const ghosts = series.map(({ colour, dash }) => draw("path", { class: "line ghost", stroke: colour, "stroke-dasharray": dash }));
  plot.body.append(...ghosts, ...paths);
  const legend = h("p", { class: "lif-note" }, ...series.flatMap(({ label, colour, dash }) => [
    h("span", { class: `lif-key${dash ? " lif-key--dashed" : ""}`, style: `--mark:${colour}` }), `${label} `]));
  const says = h("p", { class: "lif-says", role: "status" });
  el.append(h("div", { class: "lif-panel" }, ...controls.map((item) => item.row), plot.svg, legend, says,
    h("p", { class: "lif-note" }, model.get("source"))));

  const scaled = (which, at) => curve(which, at).map((value, i) => [times[i], value / top[which]]);
  follow(model, axes.map((item) => item.trait), () => {
    const at = state();
    controls.forEach((control) => control.show(model.get(control.trait)));
    const words = series.map(({ label }, which) => {
      paths[which].setAttribute("d", plot.path(scaled(which, at)));
      ghosts[which].setAttribute("d", at === start ? "" : plot.path(scaled(which, start)));
      const [minute, value] = peaks[at][which];
      const share = value / top[which];
      return share < 0.01 ? `${label} stays near zero`
        : `${label} peaks at ${minute.toFixed(0)} min, ${share.toFixed(2)} times the start's`;
    });
    says.textContent = `${words.join("; ")}.${at === start ? "" : " Thin lines: the start."}`;
    plot.title.textContent = `Model curves. ${says.textContent}`;
  }, signal);
}

export default { render };
