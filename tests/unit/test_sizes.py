"""No module and no function is too long to be read, unless it says why."""

from __future__ import annotations

from pathlib import Path

import pytest
from sizes import FUNCTION, MODULE, functions, too_long

ROOT = Path(__file__).parents[2]
FOLDERS = ("lifbook", "grading", "book/ext", "tools")


def modules() -> list[str]:
    """Paths of all modules that are looked at."""
    return sorted(
        str(path.relative_to(ROOT)) for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")
    )


def test_modules_are_found() -> None:
    names = modules()
    assert len(names) > 60
    for folder in FOLDERS:
        assert any(name.startswith(f"{folder}/") for name in names), folder


@pytest.mark.parametrize("name", modules())
def test_it_can_be_read_at_one_sitting(name: str) -> None:
    """A longer one says why, in a comment ``# long: reason`` beside it."""
    assert too_long((ROOT / name).read_text("utf-8")) == set()


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("def f():\n", False),
        ("@cache\ndef f():\n", False),
        ("# long: a table\ndef f():\n", True),
        ("# long: a table\n@cache\ndef f():\n", True),
        ("def f():  # long: a table\n", True),
        ("# long:\ndef f():\n", False),
        ("# a table\ndef f():\n", False),
        ("# long: of another\n\n\ndef f():\n", False),
    ],
)
def test_a_reason_stands_beside_the_function(head: str, why: bool) -> None:
    body = '    """Words.\n\n    More.\n    """\n    # why\n\n' + "    x = 1\n" * FUNCTION
    [(name, count, given)] = functions(head + body)
    assert (name, given) == ("f", why)
    assert count == FUNCTION + 1 + head.count("@")
    assert too_long(head + body) == (set() if why else {"f"})
    assert too_long(head + body.replace("    x = 1\n", "", 2)) == set()


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("", {""}),
        ('"""Words."""\n', {""}),
        ('"""Words."""\n# long: one table\n', set()),
        ("# long: one table\n", set()),
        ("# long:\n", {""}),
        ("x = 1\n# long: one table\n", {""}),
    ],
)
def test_a_reason_stands_at_the_head_of_a_module(head: str, found: set[str]) -> None:
    assert too_long(head + "x = 1\n" * MODULE + "# last\n") == found
    assert too_long("x = 1\n" * MODULE) == set()
