// Brings the widgets of a page to life when they come near the window: not a byte of widget code, 3Dmol.js
// or coordinates before that. Until then, and where it fails, each slot shows a picture or a sentence.
const assets = JSON.parse(document.getElementById("lif-assets").textContent);
const slots = [...document.querySelectorAll(".lif-slot")];
const calm = matchMedia("(prefers-reduced-motion: reduce)");

let manager;
const start = () =>
  (manager ??= Promise.all([
    import(new URL(assets.widgets, document.baseURI).href),
    fetch(assets.state).then((response) => {
      if (!response.ok) throw new Error(`${assets.state}: ${response.status} ${response.statusText}`);
      return response.json();
    }),
    style(assets.widgetsCss),
  ])
    .then(([code, state]) => code.restore(state))
    .catch((error) => {
      manager = undefined; // the next widget may try again
      throw error;
    }));

function style(href) {
  return new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
}

const shown = new WeakMap();
function show(slot) {
  if (!shown.has(slot)) shown.set(slot, wake(slot));
  return shown.get(slot);
}

async function wake(slot) {
  const place = document.createElement("div");
  place.className = "lif-slot__live";
  try {
    const live = await start();
    slot.append(place);
    await live.display(slot.dataset.model, place);
    slot.dataset.state = "live";
  } catch (error) {
    place.remove();
    shown.delete(slot);
    slot.dataset.state = "failed";
    slot.querySelector(".lif-slot__note").textContent =
      `This part could not start (${error.message}). Reload the page to try again.`;
  }
}

const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries.filter((item) => item.isIntersecting)) {
      near.unobserve(entry.target);
      show(entry.target);
    }
  },
  { rootMargin: "500px 0px" },
);
for (const slot of slots) near.observe(slot);

// The picture stays until the view has drawn, and for good where it cannot.
document.addEventListener("lif:drawn", (event) => {
  /** @type {Element} */ (event.target).closest(".lif-slot")?.setAttribute("data-drawn", "");
});
document.addEventListener("lif:failed", (event) => {
  const slot = /** @type {Element} */ (event.target).closest(".lif-slot");
  slot?.removeAttribute("data-drawn"); // one that had drawn can fail when it is to draw anew
  slot?.setAttribute("data-still", "");
});

// Links in the prose switch a viewer's scene, wake the viewer if need be, and leave a way back.
document.addEventListener("click", async (event) => {
  /** @type {HTMLElement} */
  const link = /** @type {Element} */ (event.target).closest("a.lif-scene");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const slot = document.getElementById(link.dataset.viewer);
  const away = slot.getBoundingClientRect();
  const outside = away.top < 0 || away.top > innerHeight * 0.5;
  if (outside) {
    slot.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
    wayBack(slot, link);
  }
  await show(slot);
  if (slot.dataset.state !== "live") return; // it says so itself
  const model = await (await start()).get_model(slot.dataset.model);
  model.set("scene", link.dataset.scene);
  for (const other of document.querySelectorAll("a.lif-scene[aria-current]")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
});

function wayBack(slot, link) {
  for (const older of document.querySelectorAll(".lif-slot__back")) older.remove();
  const back = Object.assign(document.createElement("button"), {
    type: "button",
    className: "lif-slot__back",
    textContent: "Back to the text",
  });
  back.onclick = () => {
    back.remove();
    link.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
    link.focus({ preventScroll: true });
  };
  slot.append(back);
  back.focus({ preventScroll: true }); // by keyboard too, the way back is one key away
}

// Print shows the pictures and everything that is folded.
addEventListener("beforeprint", () => {
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const folds = document.querySelectorAll("details:not([open])");
  for (const fold of folds) {
    fold.open = true;
    addEventListener(
      "afterprint",
      () => {
        fold.open = false;
      },
      { once: true },
    );
  }
});
