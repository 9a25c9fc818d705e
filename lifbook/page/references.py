"""What a notebook stores of a widget: its state, and references to what the repository has.

Scripts, styles and coordinates stand in the repository once. A stored notebook names them, and
the build of the book fills them in, once a page. So a change of a script or a style changes no
notebook. A widget that is opened in JupyterLab before the notebook is run shows a sentence.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from lifbook.errors import LifbookError
from lifbook.page.viewer import coordinates
from lifbook.page.widget import BUNDLES, SENTENCE

Model = dict[str, Any]

#: Stands in place of a script; its first line is the reference.
STUB = """// lifbook:{name}
export default {{
  render({{ model, el }}) {{
    el.textContent = model.get("label").replace(/\\.$/, "") + {sentence};
  }},
}};
"""
_COORDINATES = "lifbook.page.viewer.Coordinates"


def _kind(model: Model) -> str:
    """Module and class of one of our widgets, or ``""``."""
    kind = model["state"].get("_anywidget_id", "")
    return kind if kind.startswith("lifbook.") else ""


def script_name(model: Model) -> str:
    """Name of the widget whose script a stored model refers to, or ``""`` where it has its own."""
    found = re.match(r"// lifbook:([\w-]+)\n", model["state"].get("_esm", ""))
    return found[1] if found else ""


def with_references(model: Model) -> Model:
    """A widget's model as a notebook stores it: references in place of copies.

    Parameters
    ----------
    model
        One model of a notebook's widget state. One that is not ours, or that stores
        references already, is returned as it is.
    """
    kind = _kind(model)
    if kind == _COORDINATES:
        return {key: value for key, value in model.items() if key != "buffers"}
    name = kind.rpartition(".")[0].rpartition(".")[2]
    if not (BUNDLES / f"{name}.js").is_file():
        return model
    stub = STUB.format(name=name, sentence=json.dumps(SENTENCE))
    return model | {"state": model["state"] | {"_esm": stub, "_css": ""}}


def with_coordinates(model: Model) -> Model:
    """A stored model with the coordinates that it refers to, as ipywidgets keeps them.

    Raises
    ------
    LifbookError
        The entry or one of its chains is unknown, or its atoms are not those that the notebook
        was computed with.
    """
    state = model["state"]
    if _kind(model) != _COORDINATES or "digest" not in state or model.get("buffers"):
        return model
    found = coordinates(state["entry"], state["chains"])
    if found.digest != state["digest"]:
        raise LifbookError(
            f"the coordinates of {state['entry']} are not those that the notebook was computed "
            "with",
            column="digest",
            remedy="run `make refresh`",
        )
    packed = base64.b64encode(found.data).decode()
    return model | {"buffers": [{"data": packed, "encoding": "base64", "path": ["data"]}]}
