"""A change of a widget's script or style changes no notebook."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import refresh

#: What a chapter is computed with; none of the packages of the front end, which are lent.
NEEDED = ("lifbook", "data", "tools", "_toc.yml")
FRONTEND = Path("book") / "frontend"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, with the Overview chapter, which has a 3D view."""
    root = tmp_path_factory.mktemp("scratch")
    for name in NEEDED:
        source = refresh.ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, root / name)
    lent = shutil.ignore_patterns("node_modules")
    shutil.copytree(refresh.ROOT / FRONTEND, root / FRONTEND, ignore=lent)
    (root / FRONTEND / "node_modules").symlink_to(refresh.ROOT / FRONTEND / "node_modules")
    (root / "chapters").mkdir()
    shutil.copy(refresh.ROOT / "chapters" / "overview.ipynb", root / "chapters")
    return root


def run(root: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_change_of_script_and_style_changes_no_notebook(scratch: Path) -> None:
    page, notebook = scratch / "lifbook" / "page", scratch / "chapters" / "overview.ipynb"
    before = notebook.read_bytes()
    script, style = page / "viewer.js", page / "viewer.css"
    script.write_text(script.read_text("utf-8").replace('"Full screen"', '"Large"'), "utf-8")
    style.write_text(style.read_text("utf-8") + ".lif-viewer__changed { color: red; }\n", "utf-8")
    run(scratch, "tools/assets.py", "--bundles")
    # It is the copy that is used, and the change has reached it.
    used = run(
        scratch,
        "-c",
        "from lifbook.page import viewer, widget\n"
        "print(viewer.StructureViewer._esm, widget.CSS, viewer.__file__)",
    )
    assert str(scratch) in used and '"Large"' in used and "lif-viewer__changed" in used
    run(scratch, "tools/refresh.py", str(notebook))
    assert notebook.read_bytes() == before
