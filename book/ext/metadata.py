"""Sphinx extension: machine-readable metadata of each lesson, from its front matter.

A page (Markdown front matter) or notebook (notebook metadata) carries a mapping ``lif``::

    lif:
      learningResourceType: lesson
      educationalLevel: undergraduate, third year
      timeRequired: PT70M
      teaches:
        - Find the contacts of an interface at a chosen cut-off
      about: [protein structure, cytokine]
      abstract: One or two sentences for search engines and catalogues.

It becomes JSON-LD of the type LearningResource (https://schema.org/LearningResource) in the
page's head, together with ``<meta name="description">``. Nothing is fetched: the context in the
JSON-LD is a name, and browsers do not run scripts of that type.

A mapping with ``abstract`` alone describes a page that is not a lesson (a glossary, a list
of references): it gives the description only. Any other mapping must have all six fields. Missing
or malformed fields are warnings of type ``lif_metadata`` that name page and field; they are
given on every build, also when the page has not changed.

Configuration
-------------
lif_metadata_authors : list
    Names, or mappings with ``name`` and optionally ``type`` (Person, Organization) and ``url``.
    Empty: ``author`` of the project.
lif_metadata_license : str
    Address of the licence, for example of CC BY 4.0. Empty: not given.
lif_metadata_lessons : list of str
    Patterns of docnames, or of files with their ending, that must carry the six fields, for
    example ``chapters/structure`` or ``chapters/*.ipynb``.

Language, name of the book and address come from ``language``, ``html_title`` and ``html_baseurl``.
"""

from __future__ import annotations

import contextlib
import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.matching import Matcher

from lifbook.errors import one_of

logger = logging.getLogger(__name__)

# ISO 8601 duration in days, hours and minutes, with at least one of them.
DURATION = re.compile(r"P(?=\d|T\d)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?)?")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(item) for item in value)


def _is_topics(value: Any) -> bool:
    topics = value if isinstance(value, list) else [value]
    return bool(topics) and all(
        _is_text(topic.get("name")) if isinstance(topic, dict) else _is_text(topic)
        for topic in topics
    )


# Field -> (what it must be, test)
FIELDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "learningResourceType": ("a text or a list of texts", lambda v: _is_text(v) or _is_texts(v)),
    "educationalLevel": ("a text or a list of texts", lambda v: _is_text(v) or _is_texts(v)),
    "timeRequired": (
        "an ISO 8601 duration such as PT70M",
        lambda v: _is_text(v) and DURATION.fullmatch(v) is not None,
    ),
    "teaches": ("a list of objectives, each a text", _is_texts),
    "about": ("a list of topics, each a text or a mapping with a name", _is_topics),
    "abstract": ("a text", _is_text),
}


def parse(metadata: dict[str, Any], required: bool = False) -> tuple[dict[str, Any], list[str]]:
    """Read and check the ``lif`` mapping of one page.

    Parameters
    ----------
    metadata
        Metadata of the page as Sphinx keeps it. MyST puts a nested mapping there as JSON text.
    required
        Whether the page must carry all six fields.

    Returns
    -------
    fields, problems
        The fields that are right, and a message for each that is missing or wrong.
    """
    raw = metadata.get("lif")
    if raw is None:
        problem = "field 'lif' is missing: give the page a mapping 'lif' with " + ", ".join(FIELDS)
        return {}, [problem] if required else []
    if isinstance(raw, str):
        # A plain text stays one and is reported below.
        with contextlib.suppress(json.JSONDecodeError):
            raw = json.loads(raw)
    if not isinstance(raw, dict):
        return {}, ["field 'lif' is not a mapping: write it as 'lif:' with indented fields"]

    problems = [
        f"field 'lif.{name}' is unknown: {one_of(FIELDS)}" for name in raw if name not in FIELDS
    ]
    description_only = set(raw) == {"abstract"} and not required
    for name, (expected, test) in FIELDS.items():
        if name not in raw:
            if not description_only:
                problems.append(f"field 'lif.{name}' is missing: it must be {expected}")
        elif not test(raw[name]):
            problems.append(f"field 'lif.{name}' is {raw[name]!r}: it must be {expected}")
    fields = {name: raw[name] for name in FIELDS if name in raw and FIELDS[name][1](raw[name])}
    return fields, problems


def _authors(app: Sphinx) -> list[dict[str, str]]:
    authors = app.config.lif_metadata_authors or [app.config.author]
    found = []
    for author in authors:
        entry = {"name": author} if isinstance(author, str) else dict(author)
        kind = entry.pop("type", "Person")
        found.append({"@type": kind, **entry})
    return found


def learning_resource(
    app: Sphinx, pagename: str, title: str, fields: dict[str, Any]
) -> dict[str, Any]:
    """Return the JSON-LD of one page, without empty entries."""
    config = app.config
    about = fields.get("about", [])
    topics = about if isinstance(about, list) else [about]
    address = ""
    if config.html_baseurl:
        address = config.html_baseurl.rstrip("/") + "/" + app.builder.get_target_uri(pagename)
    entries = {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": title,
        "abstract": _squeeze(fields.get("abstract", "")),
        "url": address,
        "inLanguage": config.language or "en",
        "license": config.lif_metadata_license,
        "author": _authors(app),
        "learningResourceType": fields.get("learningResourceType"),
        "educationalLevel": fields.get("educationalLevel"),
        "timeRequired": fields.get("timeRequired"),
        "teaches": fields.get("teaches"),
        "about": [
            {"@type": "Thing", **(topic if isinstance(topic, dict) else {"name": topic})}
            for topic in topics
        ],
        "isPartOf": {"@type": "Book", "name": config.html_title},
    }
    return {name: value for name, value in entries.items() if value}


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of what is missing or malformed. Sphinx calls this on every build."""
    for docname, problem in problems(app, env):
        logger.warning("%s: %s", docname, problem, type="lif_metadata", location=docname)


def problems(app: Sphinx, env: BuildEnvironment) -> Iterator[tuple[str, str]]:
    """Yield (docname, problem) for every page."""
    lesson = Matcher(app.config.lif_metadata_lessons)
    for docname in sorted(env.found_docs):
        required = lesson(docname) or lesson(str(env.doc2path(docname, base=False)))
        for problem in parse(env.metadata.get(docname, {}), required)[1]:
            yield docname, problem


def add_head(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Put the description and the JSON-LD into the head of a page."""
    fields, _ = parse(app.env.metadata.get(pagename, {}))
    tags = context.get("metatags", "")
    # A page may also set its description by MyST's html_meta: one is enough.
    if "abstract" in fields and 'name="description"' not in tags:
        text = html.escape(_squeeze(fields["abstract"]))
        tags += f'<meta name="description" content="{text}" />\n'
    if set(fields) - {"abstract"}:
        title = app.env.titles[pagename].astext()
        text = json.dumps(learning_resource(app, pagename, title, fields), ensure_ascii=False)
        # "</script>" in a text must not end the element.
        text = text.replace("<", "\\u003c")
        tags += f'<script type="application/ld+json">{text}</script>\n'
    context["metatags"] = tags


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the extension."""
    app.add_config_value("lif_metadata_authors", [], "html", types=(list, tuple))
    app.add_config_value("lif_metadata_license", "", "html", types=(str,))
    app.add_config_value("lif_metadata_lessons", [], "html", types=(list, tuple))
    app.connect("env-updated", check)
    app.connect("html-page-context", add_head)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
