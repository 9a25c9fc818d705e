"""Two chapters in the JupyterLab and the Notebook 7 of Binder's environment, in Chromium.

As on Binder, one server has both. The launch link opens the Structure chapter in JupyterLab as it
is committed, all cells are run, and then the widgets are used by hand and from Python; the Overview
does in Notebook what is needed to see that it works there too. No host but this one answers, except
that the address from which py3Dmol takes 3Dmol.js is answered with the pinned file.
"""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import browser as browser_tools
import nbformat
import pytest
import refresh
from lab_tools import ROOT, Lean
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route, expect

from lifbook import data, structure
from lifbook.page.viewer import LIBRARY
from lifbook.page.widget import SENTENCE

CHAPTER = "chapters/structure.ipynb"
#: The link of the README to Binder; what follows is opened in the server that Binder starts.
LINK = re.compile(r"https://mybinder\.org/v2/gh/OWNER/NAME/HEAD\?urlpath=(\S+)")
STORED = nbformat.read(ROOT / CHAPTER, as_version=4)
STATES = STORED.metadata["widgets"][refresh.WIDGETS]["state"]
VIEW = "application/vnd.jupyter.widget-view+json"
#: Labels of our widgets, in the order in which the committed chapter shows them.
LABELS = [
    label
    for cell in STORED.cells
    for output in cell.get("outputs", [])
    if VIEW in output.get("data", {})
    if (label := STATES[output.data[VIEW]["model_id"]]["state"].get("label"))
]
#: Viewer -> its scenes, as the committed chapter has them.
VIEWERS = {
    model["state"]["name"]: [scene["name"] for scene in model["state"]["scenes"]]
    for model in STATES.values()
    if "entries" in model["state"]
}
#: Nothing of JupyterLab's own that asks other hosts, and no port that somebody else has.
OPTIONS = (
    "--no-browser",
    "--allow-root",
    "--ip=127.0.0.1",
    "--port=8890",
    "--ServerApp.port_retries=200",
    "--LabApp.extension_manager=readonly",
    # So that a test can see when the page has its kernel; nothing else is changed by it.
    "--LabApp.expose_app_in_browser=True",
    "--JupyterNotebookApp.expose_app_in_browser=True",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)
#: Chromium on graphics drawn by the processor complains of reading pixels back.
DRIVER = re.compile(r"GPU stall due to ReadPixels|software WebGL|SwiftShader")
#: Faults of the base's own Jupyter, which have nothing to do with the chapter: JupyterLab 4.4 and
#: Notebook 7.4 number headings that they do not know yet, Notebook opens a file browser that it
#: does not have, and does not serve a font of its own.
JUPYTERS = re.compile(
    r"reading 'type'\).*_onCellInViewportChanged|Command 'filebrowser:open-path' not registered"
    r"|status of 403 .*/static/notebook/\w+\.woff2",
    re.DOTALL,
)
#: A canvas made small, as RGBA values, and how it compares with an earlier one.
LOOK = """
([canvas, before]) => {
  const small = document.createElement("canvas");
  [small.width, small.height] = [96, 66];
  const context = small.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0, 96, 66);
  const data = context.getImageData(0, 0, 96, 66).data;
  let drawn = 0, changed = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] > 8) drawn += 1;
    const differs = (at) => Math.abs(data[i + at] - before[i + at]) > 24;
    if (before && [0, 1, 2, 3].some(differs)) changed += 1;
  }
  return { drawn: drawn / 6336, changed: changed / 6336, data: Array.from(data) };
}
"""
FRAMES = """
count => new Promise((done) => {
  const step = () => (count-- ? requestAnimationFrame(step) : done());
  step();
})
"""
#: Whether the notebook in front is loaded and has a kernel that answers and has nothing to do.
READY = """
() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  const kernel = panel?.sessionContext?.session?.kernel;
  return Boolean(panel?.context?.isReady && panel.sessionContext.isReady
    && kernel?.connectionStatus === "connected" && kernel.status === "idle");
}
"""
#: Number of prompts, and how many of them wait for the kernel.
PROMPTS = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map((x) => x.textContent)"


@dataclass
class Lab:
    """A chapter, open in JupyterLab or Notebook.

    Attributes
    ----------
    page
        The page of the browser.
    elsewhere
        Addresses of other hosts that were asked for.
    troubles
        Errors in the page and its console.
    sentences
        What the stored widgets said before the chapter was run.
    """

    page: Page
    elsewhere: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    cells_run: int = 0

    def menu(self, name: str, entry: str) -> None:
        """Choose an entry of JupyterLab's menu bar."""
        self.page.locator(".lm-MenuBar-item").get_by_text(name, exact=True).click()
        self.page.locator(".lm-Menu-item:visible").get_by_text(entry, exact=True).click()

    def wait_for_kernel(self) -> None:
        """Wait until the page has a kernel that has nothing to do."""
        self.page.wait_for_function(READY)

    def run_all(self) -> None:
        """Run All Cells, and wait until none of them waits any more."""
        self.menu("Run", "Run All Cells")
        # The stored prompts have numbers too: first see that these are gone.
        self.page.wait_for_function(f"{PROMPTS}.some((text) => text.includes('*'))")
        self.page.wait_for_function(
            f"!{PROMPTS}.some((text) => text.includes('*'))", timeout=180_000
        )

    def run(self, code: str) -> str:
        """Run code in a new cell at the end of the notebook; what it prints."""
        self.cells_run += 1
        marker = f"cell {self.cells_run} is done"
        self.page.locator(".jp-Notebook-footer").click()
        cell = self.page.locator(".jp-Notebook .jp-CodeCell").last
        cell.locator(".cm-content").click()
        self.page.keyboard.insert_text(f"{code}\nprint('{marker}')")
        self.page.keyboard.press("Control+Enter")
        printed = cell.locator(".jp-OutputArea")
        expect(printed).to_contain_text(marker)
        return printed.text_content().strip().removesuffix(marker).strip()

    def ask(self, expression: str) -> object:
        """Value of a Python expression in the kernel."""
        return json.loads(self.run(f"import json\nprint(json.dumps({expression}))"))

    def view(self, name: str) -> View:
        """A viewer, scrolled to and drawn."""
        root = self.page.locator(f".lif-viewer[data-viewer='{name}']")
        view = View(self, name, root)
        view.show()
        expect(root).to_have_attribute("data-state", "drawn")
        return view


@dataclass(frozen=True)
class View:
    """A 3D view in the notebook."""

    lab: Lab
    name: str
    root: Locator

    @property
    def stage(self) -> Locator:
        """What has the focus and takes the keys."""
        return self.root.locator(".lif-viewer__stage")

    @property
    def caption(self) -> Locator:
        """The text below the picture."""
        return self.root.locator(".lif-viewer__caption")

    def show(self) -> None:
        """Scroll the notebook so that the whole picture can be seen."""
        frame = self.root.locator(".lif-viewer__frame")
        frame.evaluate("(frame) => frame.scrollIntoView({ block: 'center' })")
        self.lab.page.evaluate(FRAMES, 3)

    def look(self, before: list[int] | None = None) -> dict[str, object]:
        """The picture, how much of it is drawn, and how much differs from an earlier one."""
        self.lab.page.evaluate(FRAMES, 3)
        canvas = self.root.locator("canvas").first.element_handle()
        return self.lab.page.evaluate(LOOK, [canvas, before])

    def picture(self) -> list[int]:
        """The picture, to be compared with a later one."""
        return self.look()["data"]

    def wait_changed(self, before: list[int], by: float = 0.01) -> None:
        """Wait until a share of the picture differs from an earlier one."""
        canvas = self.root.locator("canvas").first.element_handle()
        self.lab.page.wait_for_function(
            f"(both) => ({LOOK})(both).changed > {by}", arg=[canvas, before]
        )

    def press(self, scene: str) -> None:
        """Press the button of a scene and wait until it is shown."""
        self.root.locator(f"button[data-scene='{scene}']").click()
        expect(self.root).to_have_attribute("data-scene", scene)

    def spots(self) -> Iterator[tuple[float, float]]:
        """Places in the window where the model is, from the middle of the picture outwards."""
        data = self.picture()

        def solid(column: int, row: int) -> bool:
            around = [(column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
            return all(data[4 * (y * 96 + x) + 3] > 200 for x, y in around)

        inside = [(x, y) for x in range(1, 95) for y in range(1, 65) if solid(x, y)]
        box = self.stage.bounding_box()
        for x, y in sorted(inside, key=lambda place: abs(place[0] - 48) + abs(place[1] - 33)):
            yield (
                box["x"] + (x + 0.5) / 96 * box["width"],
                box["y"] + (y + 0.5) / 66 * box["height"],
            )


@pytest.fixture(scope="module")
def server(lean: Lean) -> Iterator[Callable[[str], str]]:
    """Address of a path in a server of Binder's environment, token included."""
    quiet = lean.settings / "jupyterlab_settings_dir" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}', "utf-8")
    token = secrets.token_hex(16)
    log = lean.settings / "server.log"
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [lean.python, "-m", "notebook", *OPTIONS, f"--IdentityProvider.token={token}"],
            cwd=lean.repository,
            env=lean.environment.clean(**lean.variables()),
            stdout=out,
            stderr=out,
        )
    try:
        base = answering(process, lean, token)
        if base is None:
            said = log.read_text("utf-8")[-3000:]
            pytest.fail(f"Jupyter did not start:\n{said}", pytrace=False)
        yield lambda path: f"{base}{path}?token={token}"
    finally:
        process.terminate()  # it ends its kernels, then itself
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answering(process: subprocess.Popen[bytes], lean: Lean, token: str) -> str | None:
    """Address of a server that has just been started, once it answers; None if it never does."""
    note = lean.settings / "jupyter_runtime_dir" / f"jpserver-{process.pid}.json"
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        try:
            base = json.loads(note.read_text("utf-8"))["url"]
            with urllib.request.urlopen(f"{base}api/status?token={token}", timeout=10):
                return base
        except (OSError, ValueError):
            time.sleep(0.2)
    return None


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, patient: the machine is busy while cells run."""
    expect.set_options(timeout=60_000)
    with browser_tools.chromium() as chromium:
        yield chromium
    expect.set_options(timeout=5_000)


@contextmanager
def opened(browser: Browser, address: str, widgets: int) -> Iterator[Lab]:
    """A chapter in Chromium, after Run All Cells; it stores so many of our widgets."""
    manifest = ROOT / "build" / "assets" / "manifest.json"
    if not manifest.exists():
        pytest.fail("the pinned 3Dmol.js is not there: run `make book`", pytrace=False)
    library = manifest.parent / json.loads(manifest.read_text("utf-8"))["threeDmol"]
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    made = Lab(context.new_page())

    def answer(route: Route) -> None:
        url = route.request.url
        if urlsplit(url).hostname == "127.0.0.1":
            route.fallback()
            return
        made.elsewhere.append(url)
        if url == LIBRARY:
            route.fulfill(path=library, content_type="text/javascript")
        else:
            route.abort()

    def trouble(text: str) -> None:
        if not DRIVER.search(text) and not JUPYTERS.search(text):
            made.troubles.append(text)

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            trouble(f"{message.text} {message.location['url']}")

    context.route("**/*", answer)
    made.page.on("console", said)
    made.page.on("pageerror", lambda error: trouble(f"{error}\n{error.stack}"))
    made.page.goto(address)
    made.wait_for_kernel()
    stored = made.page.get_by_text(SENTENCE)
    expect(stored).to_have_count(
        widgets, timeout=60_000
    )  # cells come into the page one after the other
    made.sentences += stored.all_text_contents()
    made.run_all()
    yield made
    context.close()


@pytest.fixture(scope="module")
def lab(server: Callable[[str], str], browser: Browser) -> Iterator[Lab]:
    """The Structure chapter in JupyterLab, as the launch link opens it."""
    path = LINK.search((ROOT / "README.md").read_text("utf-8"))[1]
    assert path == f"lab/tree/{CHAPTER}"
    with opened(browser, server(path), len(LABELS)) as opened_lab:
        yield opened_lab


@pytest.fixture(scope="module")
def notebook(lean: Lean, server: Callable[[str], str], browser: Browser) -> Iterator[Lab]:
    """The Overview in Notebook 7, trusted: Jupyter runs the scripts that are stored in it."""
    lean.run(lean.python, "-m", "jupyter", "trust", "chapters/overview.ipynb").check_returncode()
    with opened(browser, server("notebooks/chapters/overview.ipynb"), 2) as opened_notebook:
        yield opened_notebook


def test_before_it_is_run_each_widget_says_what_to_do(lab: Lab) -> None:
    """A chapter that its reader has not run yet shows what is stored as text: a sentence, no error."""
    assert len(LABELS) >= 7
    assert lab.sentences == [label.removesuffix(".") + SENTENCE for label in LABELS]
    # After the run nothing of it is left.
    expect(lab.page.get_by_text(SENTENCE)).to_have_count(0)


def test_every_cell_runs_without_an_error(lab: Lab) -> None:
    notebook = nbformat.read(ROOT / CHAPTER, as_version=4)
    count = sum(cell.cell_type == "code" for cell in notebook.cells)
    lab.page.wait_for_function(  # cells out of sight, and the last number, come a moment after the kernel rests
        f"{PROMPTS}.length >= {count} && {PROMPTS}.every((text) => /^\\[\\d+\\]:$/.test(text))",
        timeout=180_000,
    )
    prompts = lab.page.evaluate(PROMPTS)
    assert len(prompts) >= sum(cell.cell_type == "code" for cell in notebook.cells)
    assert all(re.fullmatch(r"\[\d+\]:", prompt) for prompt in prompts), prompts
    for kind in ("error", "stderr"):
        said = lab.page.locator(f"[data-mime-type='application/vnd.jupyter.{kind}']")
        assert said.all_text_contents() == []
    expect(lab.page.locator(".lif-viewer")).to_have_count(len(VIEWERS))


@pytest.mark.parametrize("name", VIEWERS)
def test_a_viewer_is_drawn(lab: Lab, name: str) -> None:
    view = lab.view(name)
    # A ribbon of one protein covers some twentieth of its canvas, an empty canvas nothing.
    assert 0.02 < view.look()["drawn"] < 0.9
    expect(view.root).to_have_attribute("data-scene", VIEWERS[name][0])


def test_3dmol_comes_once_from_its_public_address_at_the_pinned_version(lab: Lab) -> None:
    lab.view("lif")
    package = json.loads((ROOT / "book" / "frontend" / "package.json").read_text("utf-8"))
    assert f"/3dmol@{package['dependencies']['3dmol']}/" in urlsplit(LIBRARY).path
    assert lab.elsewhere == [LIBRARY]


def test_a_scene_button_changes_picture_caption_and_python(lab: Lab) -> None:
    view = lab.view("lif")
    view.press("fold")
    before, caption = view.picture(), view.caption.text_content()
    view.press("disulfides")
    view.wait_changed(before)
    assert view.caption.text_content() not in {caption, ""}
    assert lab.ask("viewer.scene") == "disulfides"


def test_setting_the_scene_in_a_cell_changes_the_picture(lab: Lab) -> None:
    view = lab.view("lif")
    view.press("fold")
    before, caption = view.picture(), view.caption.text_content()
    lab.run('viewer.scene = "helix-a"')
    expect(view.root).to_have_attribute("data-scene", "helix-a")
    view.show()
    view.wait_changed(before)
    assert view.caption.text_content() not in {caption, ""}
    pressed = view.root.locator("button[data-scene][aria-pressed='true']")
    assert [button.get_attribute("data-scene") for button in pressed.all()] == ["helix-a"]


def test_a_click_on_an_atom_arrives_in_python(lab: Lab) -> None:
    view = lab.view("lif")
    view.press("fold")
    lab.run(
        'viewer.picked = ""\nhits = []\n'
        'viewer.observe(lambda change: hits.append(change.new), "picked")'
    )
    view.show()
    before = view.picture()
    hover = view.root.locator(".lif-viewer__hover")
    for tried, (x, y) in enumerate(view.spots()):
        lab.page.mouse.click(x, y)
        lab.page.evaluate(FRAMES, 4)
        text = hover.text_content()
        if text.startswith("Picked:"):
            break
        assert tried < 60, "no click on the model picked an atom"
    view.wait_changed(before, by=0.0005)  # the residue is drawn as balls and sticks
    picked, hits = lab.ask("[viewer.picked, hits]")
    entry, chain, number = picked.split(":")
    assert (entry, chain) == ("2Q7N", "B")
    assert hits == [picked]
    assert re.match(rf"Picked: [A-Z][a-z]{{2}}{number} \(UniProt {int(number) + 22}\)", text), text
    # The letter in the sequence above shows the same residue.
    letter = lab.page.locator(f".lif-seq__letter[data-id='{picked}']")
    expect(letter).to_have_attribute("aria-pressed", "true")


def test_a_row_of_the_table_picks_a_residue_in_view_and_python(lab: Lab) -> None:
    view = lab.view("site")
    lab.page.locator(".lif-table__pick").get_by_text("Phe156", exact=True).click()
    expect(view.root.locator(".lif-viewer__hover")).to_contain_text("Picked: Phe156")
    assert lab.ask("site.picked") == "2Q7N:B:156"
    lab.run('site.picked = ""')
    expect(view.root.locator(".lif-viewer__hover")).to_be_empty()


def test_links_in_the_prose_switch_scenes(lab: Lab) -> None:
    links = lab.page.locator(", ".join(f".jp-MarkdownCell a[href*='#{name}:']" for name in VIEWERS))
    assert links.count() > 10
    views: dict[str, View] = {}
    for link in links.all():
        name, scene = link.get_attribute("href").split("#")[-1].split(":")
        assert scene in VIEWERS[name]
        first = name not in views
        if first:
            views[name] = lab.view(name)
        view = views[name]
        if view.root.get_attribute("data-scene") == scene:
            view.press(next(other for other in VIEWERS[name] if other != scene))
        before = view.picture() if first else None
        link.click()
        expect(view.root).to_have_attribute("data-scene", scene)
        expect(view.root.locator(".lif-viewer__frame")).to_be_in_viewport(ratio=0.3)
        if before:
            view.wait_changed(before)
    assert urlsplit(lab.page.url).fragment == "", "the link has also changed the address"


def test_the_slider_changes_counts_view_and_python(lab: Lab) -> None:
    view = lab.view("site")
    view.press("interface")
    contacts = lab.page.locator(".lif-contacts")
    slider = contacts.locator("input[type=range]")
    entry = data.read_structure("2Q7N")
    chains = structure.get_chain(entry, "B"), structure.get_chain(entry, "A")

    def shown() -> tuple[int, int, int]:
        return tuple(
            int(contacts.locator(f"[data-count={key}]").text_content())
            for key in ("first", "second", "pairs")
        )

    def counted(cutoff: float) -> tuple[int, int, int]:
        row = structure.contact_counts(*chains, [cutoff]).iloc[0]
        return int(row["a"]), int(row["b"]), int(row["pairs"])

    for key, cutoff in (("Home", 3.0), ("End", 6.0), ("ArrowLeft", 5.9)):
        before = view.picture()
        slider.press(key)
        expect(contacts.locator("output")).to_have_text(f"{cutoff} Å")
        assert shown() == counted(cutoff)
        if key != "ArrowLeft":
            view.wait_changed(before, by=0.005)
        assert lab.ask("explorer.cutoff") == cutoff
    assert lab.ask("len(site.highlight)") == sum(counted(5.9)[:2])
    lab.run("explorer.cutoff = 4.5")
    expect(slider).to_have_value("4.5")
    assert shown() == counted(4.5)


def test_keys_in_a_widget_are_not_commands_to_the_notebook(lab: Lab) -> None:
    view = lab.view("lif")
    view.press("disulfides")
    view.press("fold")
    cells = lab.page.locator(".jp-Notebook .jp-Cell").count()
    before = view.picture()
    view.stage.focus()
    for _ in range(4):
        lab.page.keyboard.press("ArrowRight")
    view.wait_changed(before)
    # In the notebook, "b" puts a cell below and "r" makes a cell a raw one; here "r" resets.
    lab.page.keyboard.press("b")
    lab.page.keyboard.press("r")
    lab.page.evaluate(FRAMES, 4)
    assert view.look(before)["changed"] < 0.01
    assert lab.page.locator(".jp-Notebook .jp-Cell").count() == cells
    assert lab.page.locator(".jp-RawCell").count() == 0
    # Enter would open the cell for editing; on a button it presses the button.
    view.root.locator("button[data-scene='sequons']").press("Enter")
    expect(view.root).to_have_attribute("data-scene", "sequons")
    # Arrow keys walk through the letters of the sequence, from block to block.
    letters = lab.page.locator(".lif-seq__letter")
    letters.nth(30).focus()
    lab.page.keyboard.press("ArrowDown")
    focused = lab.page.evaluate("document.activeElement.dataset.id")
    assert focused == letters.nth(40).get_attribute("data-id")


def test_a_quiz_gives_feedback(lab: Lab) -> None:
    question = (
        lab.page.locator(".lif-quiz [data-question]")
        .filter(has=lab.page.locator("[role=radiogroup]"))
        .first
    )
    feedback = question.locator(".lif-quiz__said")
    verdicts = []
    for answer in question.locator("input[type=radio]").all():
        answer.click()
        expect(feedback).to_have_text(re.compile(r"^(Right|Not quite)\. \S"))
        verdicts.append(feedback.text_content().split(".")[0])
    assert verdicts.count("Right") == 1
    assert verdicts.count("Not quite") == len(verdicts) - 1 > 0


def test_nothing_went_wrong_in_the_page(lab: Lab) -> None:
    assert lab.troubles == []
    assert set(lab.elsewhere) <= {LIBRARY}


def test_notebook_7_opens_and_runs_a_chapter(notebook: Lab) -> None:
    prompts = notebook.page.evaluate(PROMPTS)
    assert prompts and all(re.fullmatch(r"\[\d+\]:", prompt) for prompt in prompts), prompts
    expect(notebook.page.locator("[data-mime-type='application/vnd.jupyter.error']")).to_have_count(
        0
    )
    assert notebook.page.locator(".jp-NotebookPanel").count() == 1
    assert notebook.page.locator(".jp-SideBar").filter(visible=True).count() == 0  # no JupyterLab


def test_a_viewer_in_notebook_7_is_drawn_and_python_drives_it(notebook: Lab) -> None:
    view = notebook.view("first-look")
    assert 0.02 < view.look()["drawn"] < 0.9
    before, caption = view.picture(), view.caption.text_content()
    assert view.root.get_attribute("data-scene") == "complex"
    notebook.run(
        "import gc\nfrom lifbook.page.viewer import StructureViewer\n"
        "view = next(one for one in gc.get_objects() if isinstance(one, StructureViewer))\n"
        'view.scene = "interface"'
    )
    expect(view.root).to_have_attribute("data-scene", "interface")
    view.show()
    view.wait_changed(before)
    assert view.caption.text_content() not in {caption, ""}
    view.press("domains")
    assert notebook.ask("view.scene") == "domains"


def test_in_a_trusted_notebook_a_widget_says_what_to_do(notebook: Lab) -> None:
    """There the stored script runs, which stands in place of the widget's own."""
    assert [text.removesuffix(SENTENCE) for text in notebook.sentences] == [
        "Human LIF with mouse LIFR, PDB entry 2Q7N",
        "Quiz: What LIF is",
    ]


def test_nothing_went_wrong_in_notebook_7(notebook: Lab) -> None:
    assert notebook.troubles == []
    assert set(notebook.elsewhere) <= {LIBRARY}
