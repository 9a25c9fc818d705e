"""The picture of the house in CONTRIBUTING.md is what the imports say."""

from __future__ import annotations

from pathlib import Path

import picture
import pytest

ROOT = Path(__file__).parents[2]


def test_the_picture_is_true() -> None:
    text = (ROOT / picture.PAGE).read_text("utf-8")
    assert picture.filled(text, picture.drawn(picture.uses(ROOT))) == text, "run `make picture`"


def test_it_opens_the_page() -> None:
    text = (ROOT / picture.PAGE).read_text("utf-8")
    assert text.index(picture.BEGIN) < 1500


def test_rooms_here() -> None:
    rooms = picture.uses(ROOT)
    assert "lifbook/page/" in rooms["lifbook/chapters/"]
    assert "lifbook/chapters/" in rooms["chapters/*.ipynb"]
    assert "lifbook/errors" in picture.beyond("grading/", rooms)
    assert not {
        name for name in rooms if name.startswith("lifbook/") and "book/ext/" in rooms[name]
    }


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("lifbook/errors.py", "lifbook/errors"),
        ("lifbook/__init__.py", None),
        ("lifbook/page/widgets/power.py", "lifbook/page/"),
        ("lifbook/page/widgets/power.js", None),
        ("book/ext/claims/check.py", "book/ext/"),
        ("chapters/overview.ipynb", "chapters/*.ipynb"),
        ("assignments/source/function/function.ipynb", "assignments/source/"),
        ("tests/unit/test_data.py", None),
    ],
)
def test_the_room_of_a_file(path: str, room: str | None) -> None:
    assert picture.room(path) == room


def test_a_room_stands_above_what_it_uses_and_names_what_does_not_follow() -> None:
    rooms = {"roof": {"floor", "cellar"}, "floor": {"cellar"}, "shed": {"cellar"}, "cellar": set()}
    line = "─" * 80
    assert picture.drawn(rooms) == (
        f"roof    ─▶ floor\n{line}\nfloor   ─▶ cellar\nshed    ─▶ cellar\n{line}\ncellar\n"
    )


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="uses itself by way of others"):
        picture.drawn({"a": {"b"}, "b": {"a"}})


def test_a_page_without_a_place_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match="no place for the picture"):
        picture.filled("# Contributing\n", "x\n")
    monkeypatch.setattr(picture, "ROOT", tmp_path)
    monkeypatch.setattr(picture, "uses", lambda root: {"cellar": set()})
    page = tmp_path / picture.PAGE
    page.write_text(f"# A\n{picture.BEGIN}old\n{picture.END}after\n", "utf-8")
    assert picture.main(["--check"]) == 1
    assert "no longer true. Run: make picture" in capsys.readouterr().err
    assert picture.main([]) == 0
    assert (
        page.read_text("utf-8") == f"# A\n{picture.BEGIN}```text\ncellar\n```\n{picture.END}after\n"
    )
    assert picture.main(["--check"]) == 0
