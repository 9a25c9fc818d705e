// Put at the head of every page that the tests serve: keeps a list of what goes wrong, from the first script on,
// and lends a hand to the tests. What an engine writes into its console by itself (a rule of CSS that it does
// not know, a deprecated call) is not an event and cannot be seen from here.
(() => {
  const troubles = [];
  const note = (kind, what) => troubles.push(`${kind}: ${what}`);
  addEventListener("error", (event) => {
    const { target } = event;
    if (target instanceof Element) note("did not load", target.src ?? target.href);
    else note("page error", `${event.message} (${event.filename}:${event.lineno})`);
  }, true); // on the way down: what does not load tells only its own element
  addEventListener("unhandledrejection", ({ reason }) =>
    note("unhandled rejection", reason?.stack ? `${reason} ${reason.stack}` : reason));
  document.addEventListener("securitypolicyviolation", (event) =>
    note("not allowed to ask", `${event.blockedURI} (${event.effectiveDirective})`));
  for (const level of ["error", "warn"]) {
    const say = console[level];
    console[level] = (...words) => {
      note(`console ${level}`, words.join(" "));
      say.apply(console, words);
    };
  }

  /** Wait for something true of the page. A page in which something has gone wrong is waited for less long. */
  async function until(what, condition, seconds = 60) {
    const begin = performance.now();
    for (;;) {
      const found = await condition();
      if (found) return found;
      const patience = troubles.length ? Math.min(seconds, 10) : seconds;
      if (performance.now() > begin + 1000 * patience) throw new Error(`${what}: not seen in ${patience} s`);
      await new Promise((done) => setTimeout(done, 30)); // frames would stand still in a window that is covered
    }
  }

  const shown = (node) => node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length > 0;

  /** Middle of an element in the window, when it has come to rest there and nothing lies on it. */
  async function middle(node, what) {
    let last = "";
    return until(`${what} in reach`, () => {
      const box = node.getBoundingClientRect();
      const now = [box.x, box.y, box.width, box.height].join();
      if (box.top < 90 || box.bottom > innerHeight - 10) node.scrollIntoView({ block: "center", behavior: "instant" });
      const rests = now === last;
      last = now;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const top = rests && document.elementFromPoint(x, y);
      return top && node.contains(top) && [x, y];
    });
  }

  globalThis.watch = { troubles, until, shown, middle };
})();
