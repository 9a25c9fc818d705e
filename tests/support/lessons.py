"""Which chapters are full lessons, from what each says of itself."""

from __future__ import annotations

import json
import re

import refresh

#: A chapter that takes this many minutes has exercises, figures, a quiz for each section, and a problem set.
FULL = 60


def minutes(duration: str) -> int:
    """Minutes of an ISO 8601 duration in hours and minutes, such as ``PT1H15M``."""
    found = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?", duration)
    assert found, f"'{duration}' is not a duration such as PT75M"
    return 60 * int(found[1] or 0) + int(found[2] or 0)


def full_chapters() -> list[str]:
    """Names of the chapters that are full lessons, in reading order."""
    told = {
        path.stem: json.loads(path.read_text("utf-8"))["metadata"]["lif"]["timeRequired"]
        for path in refresh.chapters()
    }
    return [name for name, duration in told.items() if minutes(duration) >= FULL]
