"""Sphinx extension: how references are shown in the text and in their list.

Two styles for sphinxcontrib-bibtex. ``author_year_list`` (``bibtex_default_style``) is for the
list of references, with author-year labels and titles in the case of the BibTeX file;
``author_year_round`` (``bibtex_reference_style``) is for citations in the text, such as
"(Huyton et al., 2007)".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pybtex.plugin import register_plugin
from pybtex.style import template as bib
from pybtex.style.formatting.unsrt import Style as UnsortedStyle
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.plugin import register_plugin as register_reference_style
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle
from sphinxcontrib.bibtex.style.template import join as join_names


class AuthorYearLabels(BaseLabelStyle):
    """Labels such as "Huyton et al., 2007", with a, b ... where two are alike."""

    def format_labels(self, sorted_entries: Iterable[Any]) -> Iterator[str]:
        labels = [self.label(entry) for entry in sorted_entries]
        count: Counter[str] = Counter(labels)
        used: Counter[str] = Counter()
        for label in labels:
            suffix = chr(ord("a") + used[label]) if count[label] > 1 else ""
            used[label] += 1
            yield label + suffix

    @staticmethod
    def label(entry: Any) -> str:
        persons = entry.persons.get("author") or entry.persons.get("editor") or []
        # Rich names are read as LaTeX: accents are set, protecting braces gone.
        names = [
            " ".join(str(part) for part in person.rich_prelast_names + person.rich_last_names)
            for person in persons
        ]
        # BibTeX writes "and others" for names left out: it arrives as a person.
        if len(names) > 2 or names[1:] == ["others"]:
            names = [f"{names[0]} et al."]
        name = " and ".join(names) or entry.key
        return f"{name}, {entry.fields['year']}" if "year" in entry.fields else name


class AuthorYearStyle(UnsortedStyle):
    """List sorted by author and year; titles keep their case (LIF, not lif)."""

    default_name_style = "lastfirst"
    default_sorting_style = "author_year_title"
    default_label_style = "author_year_list"

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"abbreviate_names": True, **options})

    def format_title(self, e: Any, which_field: str, as_sentence: bool = True) -> Any:
        title = bib.field(which_field)
        return bib.sentence[title] if as_sentence else title

    def format_pubmed(self, e: Any) -> Any:
        # The usual name of the field is pmid; pybtex knows only pubmed.
        number = bib.field("pmid", raw=True)
        address = bib.join["https://pubmed.ncbi.nlm.nih.gov/", number, "/"]
        return bib.href(address)[bib.join["PMID:", number]]


@bib.node
def cited_names(children: Any, data: dict[str, Any], role: str, **separators: Any) -> Any:
    """Names of a citation in the text: "and others" becomes "et al." too."""
    persons = data["entry"].persons.get(role)
    if not persons:
        raise bib.FieldIsMissing(role, data["entry"])
    style = data["style"].person
    names = [style.style_plugin.format(person, style.abbreviate) for person in persons]
    if len(persons) == 2 and str(persons[1]) == "others":
        names.append(names[1])  # from three names on they are abbreviated
    return join_names(**separators)[names].format_data(data)


class CitedPersons(PersonStyle):
    """Persons of a citation in the text."""

    def _separators(self, full: bool) -> dict[str, Any]:
        other = None if full else self.other
        return {"sep": self.sep, "sep2": self.sep2, "last_sep": self.last_sep, "other": other}

    def names(self, role: str, full: bool) -> Any:
        return cited_names(role=role, **self._separators(full))

    def author_or_editor_or_title(self, full: bool) -> Any:
        separators = self._separators(full)
        return bib.first_of[
            bib.optional[cited_names(role="author", **separators)],
            bib.optional[cited_names(role="editor", **separators)],
            bib.tag("em")[bib.field("title")],
        ]


def _round() -> BracketStyle:
    return BracketStyle(left="(", right=")", sep="; ")


class RoundAuthorYearStyle(AuthorYearReferenceStyle):
    """Citations such as "(Huyton et al., 2007; Hudson et al., 1996)"."""

    def __init__(self) -> None:
        super().__init__(
            bracket_parenthetical=_round(), bracket_textual=_round(), person=CitedPersons()
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the extension."""
    register_reference_style(
        "sphinxcontrib.bibtex.style.referencing", "author_year_round", RoundAuthorYearStyle
    )
    register_plugin("pybtex.style.labels", "author_year_list", AuthorYearLabels)
    register_plugin("pybtex.style.formatting", "author_year_list", AuthorYearStyle)
    app.setup_extension("sphinxcontrib.bibtex")
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
