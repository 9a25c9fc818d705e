"""lifbook.data: reads what is right, refuses what is wrong and says where and what to do.

Bad input is made in a scratch copy of ``data/``; the files of the project are only read.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifbook import LifbookError, data

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT / "data"


def load_tool():
    """tools/datapackage.py as a module."""
    spec = importlib.util.spec_from_file_location("tool", PROJECT / "tools" / "datapackage.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scratch copy of the data."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def path_of(name: str) -> str:
    return data.resource(name)["path"]


def accept(folder: Path) -> None:
    """Make the manifest describe the files as they are now, as 'make datapackage' does."""
    assert load_tool().main(["--data", str(folder)]) == 0


def edit_cell(folder: Path, name: str, row: int, column: str, value: str) -> None:
    """Write ``value`` into a table and accept the change, so that only the schema objects."""
    file = folder / path_of(name)
    with file.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    rows[row][rows[0].index(column)] = value
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    accept(folder)


def edit_text(folder: Path, name: str, change: Callable[[str], str]) -> None:
    """Change the text of a resource and accept the change."""
    file = folder / path_of(name)
    before = file.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    file.write_text(after, encoding="utf-8")
    accept(folder)


def refusal(call: Callable[[], object]) -> LifbookError:
    """The error that ``call`` raises; it always says what to do."""
    with pytest.raises(LifbookError) as caught:
        call()
    assert caught.value.remedy
    assert str(caught.value).endswith(f"What to do: {caught.value.remedy}.")
    return caught.value


# --- what is right ----------------------------------------------------------------------


def test_every_table_is_read_with_the_types_of_its_schema():
    text = str(pd.DataFrame({"text": ["a"]})["text"].dtype)  # "object" before pandas 3
    kinds = {"string": text, "integer": "int64", "number": "float64", "boolean": "bool"}
    tables = [name for name in data.resources() if "schema" in data.resource(name)]
    assert tables
    for name in tables:
        table = data.read_table(name)
        fields = data.resource(name)["schema"]["fields"]
        assert list(table.columns) == [field["name"] for field in fields]
        assert len(table) > 0
        for field in fields:
            column = table[field["name"]]
            # a column of whole numbers with empty cells is one of nullable whole numbers
            gaps = field["type"] == "integer" and column.isna().any()
            expected = "Int64" if gaps else kinds[field["type"]]
            assert str(column.dtype) == expected, (name, field["name"])


def test_an_empty_cell_is_empty_text_or_a_missing_number(folder):
    table = data.read_table("claims", folder=folder).set_index("id")
    assert table.loc["O2", "correction"] == ""
    numbers = data.read_table("refinement", folder=folder).set_index("entry")
    assert numbers.loc["1PVH", ["r_work"]].isna().all()


def test_an_empty_whole_number_is_missing(folder):
    manifest = folder / data.MANIFEST
    package = json.loads(manifest.read_text(encoding="utf-8"))
    (entries,) = (r for r in package["resources"] if r["name"] == "pdb_entries")
    (year,) = (f for f in entries["schema"]["fields"] if f["name"] == "year")
    del year["constraints"]["required"]
    manifest.write_text(json.dumps(package), encoding="utf-8")
    edit_cell(folder, "pdb_entries", 1, "year", "")
    years = data.read_table("pdb_entries", folder=folder)["year"]
    assert str(years.dtype) == "Int64"
    assert list(years.isna()) == [True] + [False] * (len(years) - 1)


def test_the_environment_variable_and_the_argument_choose_the_folder(folder, monkeypatch):
    edit_cell(folder, "refinement", 1, "resolution", "9.5")
    monkeypatch.setenv("LIFBOOK_DATA", str(folder))
    assert data.read_table("refinement")["resolution"][0] == 9.5
    assert data.read_table("refinement", folder=DATA)["resolution"][0] == 4.0


@pytest.mark.parametrize(
    ("entry", "atoms", "chains"),
    [
        ("2Q7N", 5437, "ABEFGHIJKL"),
        ("1pvh", 2916, "AB"),
        ("1LKI", 688, "A"),
        ("2D48", 516, "A"),
        ("1ALU", 496, "A"),
        ("1EVS", 524, "A"),
        ("1I1R", 668, "B"),
    ],
)
def test_structures_are_read_whole(entry, atoms, chains):
    structure = data.read_structure(entry)
    assert structure.id == entry.upper()
    assert sum(1 for _ in structure.get_atoms()) == atoms
    assert "".join(chain.id for chain in structure[0]) == chains
    assert data.read_structure(entry) is not structure


def test_the_precursor_of_lif():
    sequence = data.read_sequence("P15018")
    assert len(sequence) == 202
    assert sequence[22:32] == "SPLPITPVNA"


def test_numbering_of_a_chain():
    lif = data.numbering("2q7n", "B")
    assert (lif.molecule, lif.species, lif.uniprot) == ("LIF", "human", "P15018")
    assert (lif.first, lif.last) == (1, 180)
    assert lif.to_uniprot(156) == 178
    assert data.numbering("2Q7N", "A").to_uniprot(7) == 50
    with pytest.raises(AttributeError):
        lif.offset = 0


def test_json_resources_are_read():
    names = [name for name in data.resources() if data.resource(name)["format"] == "json"]
    assert names
    for name in names:
        assert isinstance(data.read_json(name), dict)


def test_citation_keys_of_entries_only(folder):
    edit_text(folder, "references", lambda text: text + "\n@comment{NotAKey, }\n")
    keys = data.citation_keys(folder=folder)
    assert keys == data.citation_keys()
    assert {"Huyton2007", "Hudson1996", "PDB2Q7N"} <= keys
    data.check_citations(keys)


# --- files ------------------------------------------------------------------------------


def test_a_missing_file(folder):
    (folder / path_of("domains")).unlink()
    error = refusal(lambda: data.read_table("domains", folder=folder))
    assert error.file == "data/domains.csv"
    assert "missing" in error.problem
    assert "restore" in error.remedy


def test_a_missing_manifest(tmp_path):
    error = refusal(lambda: data.resources(folder=tmp_path))
    assert error.file == "data/datapackage.json"


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"resources": [{}]}', '{"resources": 3}'])
def test_a_broken_manifest(folder, text):
    (folder / data.MANIFEST).write_text(text, encoding="utf-8")
    error = refusal(lambda: data.resources(folder=folder))
    assert error.file == "data/datapackage.json"
    assert "not a data package" in error.problem


def test_something_else_at_the_path_of_a_file(folder):
    file = folder / path_of("sequences")
    file.unlink()
    file.mkdir()
    error = refusal(lambda: data.read_sequence("P15018", folder=folder))
    assert error.file == "data/sequences.fasta"
    assert "cannot be read" in error.problem


READERS = {
    "numbering": lambda folder: data.read_table("numbering", folder=folder),
    "key_residues": lambda folder: data.read_table("key_residues", folder=folder),
    "references": lambda folder: data.citation_keys(folder=folder),
    "sequences": lambda folder: data.read_sequence("P15018", folder=folder),
    "1lki": lambda folder: data.read_pdb_text("1LKI", folder=folder),
}


@given(name=st.sampled_from(sorted(READERS)), place=st.floats(0, 1), mask=st.integers(1, 255))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_single_altered_byte_is_noticed(folder, name, place, mask):
    file = folder / path_of(name)
    whole = file.read_bytes()
    READERS[name](folder)
    at = min(int(place * len(whole)), len(whole) - 1)
    try:
        file.write_bytes(whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :])
        error = refusal(lambda: READERS[name](folder))
        assert error.file == f"data/{path_of(name)}"
        assert "not the one" in error.problem
    finally:
        file.write_bytes(whole)


def test_a_file_altered_after_it_was_read_once(folder):
    READERS["numbering"](folder)
    file = folder / path_of("numbering")
    file.write_text(file.read_text("utf-8").replace(",43,", ",44,"), encoding="utf-8")
    error = refusal(lambda: data.numbering("2Q7N", "A", folder=folder))
    assert "make datapackage" in error.remedy


def test_text_that_is_not_utf8(folder):
    file = folder / path_of("claims")
    file.write_bytes(file.read_bytes().replace("Å".encode(), "Å".encode("latin-1")))
    accept(folder)
    error = refusal(lambda: data.read_table("claims", folder=folder))
    assert "UTF-8" in error.problem


def test_an_unknown_resource():
    error = refusal(lambda: data.read_table("melting_points"))
    assert "melting_points" in error.problem
    assert "claims" in error.remedy


def test_a_resource_that_is_not_a_table():
    error = refusal(lambda: data.read_table("sequences"))
    assert "not a table" in error.problem
    assert "numbering" in error.remedy


def test_json_with_an_error_in_it(folder):
    name = next(n for n in data.resources() if data.resource(n)["format"] == "json")
    edit_text(folder, name, lambda text: "{\n  'a': 1}\n")
    error = refusal(lambda: data.read_json(name, folder=folder))
    assert error.file == f"data/{path_of(name)}"
    assert error.row == 2


# --- structures and sequences -----------------------------------------------------------


def test_an_entry_that_is_not_there():
    error = refusal(lambda: data.read_structure("1ABC"))
    assert "1ABC" in error.problem
    assert "2Q7N" in error.remedy


def test_a_structure_cut_short(folder):
    edit_text(folder, "2q7n", lambda text: text[: len(text) // 2])
    error = refusal(lambda: data.read_structure("2Q7N", folder=folder))
    assert error.file == "data/structures/2q7n.pdb"
    assert "END" in error.problem


def test_a_structure_without_a_line(folder):
    def without_an_atom(text: str) -> str:
        lines = text.splitlines(keepends=True)
        del lines[next(i for i, line in enumerate(lines) if line.startswith("ATOM"))]
        return "".join(lines)

    edit_text(folder, "1pvh", without_an_atom)
    error = refusal(lambda: data.read_structure("1PVH", folder=folder))
    assert error.problem == "2915 atoms, expected 2916"


def test_an_empty_structure(folder):
    edit_text(folder, "1lki", lambda text: "")
    assert "END" in refusal(lambda: data.read_pdb_text("1LKI", folder=folder)).problem


def test_an_unknown_accession():
    error = refusal(lambda: data.read_sequence("P42702"))
    assert "P42702" in error.problem
    assert "P15018" in error.remedy


def test_a_letter_that_is_not_an_amino_acid(folder):
    edit_text(folder, "sequences", lambda text: text.replace("MKVLAAG", "MKBLAAG"))
    error = refusal(lambda: data.read_sequence("P15018", folder=folder))
    assert "'B' at position 3" in error.problem


def test_an_unknown_entry_or_chain_in_the_numbering():
    error = refusal(lambda: data.numbering("1ABC", "A"))
    assert (error.file, error.column) == ("data/numbering.csv", "entry")
    assert "1LKI" in error.remedy
    error = refusal(lambda: data.numbering("2Q7N", "C"))
    assert (error.file, error.column) == ("data/numbering.csv", "chain")
    assert error.remedy == "use one of A, B"


# --- tables -----------------------------------------------------------------------------


def test_a_missing_column(folder):
    edit_text(folder, "domains", lambda text: text.replace("molecule,domain,", "molecule,", 1))
    error = refusal(lambda: data.read_table("domains", folder=folder))
    assert (error.file, error.column) == ("data/domains.csv", "domain")
    assert "start" in error.remedy


@pytest.mark.parametrize("header", ["molecule,domain,note,", "domain,molecule,"])
def test_a_column_too_many_or_in_another_place(folder, header):
    edit_text(folder, "domains", lambda text: text.replace("molecule,domain,", header, 1))
    error = refusal(lambda: data.read_table("domains", folder=folder))
    assert error.row == "header"
    assert error.remedy.startswith("write them as molecule, domain, entry")


def test_an_empty_table(folder):
    edit_text(folder, "domains", lambda text: "")
    assert refusal(lambda: data.read_table("domains", folder=folder)).column == "molecule"


def test_a_row_with_a_cell_too_many(folder):
    edit_text(folder, "refinement", lambda text: text.replace("1PVH,2.50", "1PVH,2,50"))
    error = refusal(lambda: data.read_table("refinement", folder=folder))
    assert error.row == 2
    assert "6 cells, expected 5" in error.problem


CELLS = [
    # table, row, column, wrong value, words of the problem, words of the remedy
    ("numbering", 1, "offset", "forty", "'forty' is not a whole number", "whole number"),
    ("numbering", 1, "offset", "43.0", "'43.0' is not a whole number", "whole number"),
    ("refinement", 2, "resolution", "2,5", "'2,5' is not a number", "a number"),
    ("pdb_entries", 1, "shipped", "yes", "'yes' is not true or false", "true or false"),
    ("numbering", 2, "species", "", "the cell is empty", "fill it in"),
    ("refinement", 1, "resolution", "0.1", "0.1 is too small", "0.5"),
    ("key_residues", 1, "mature", "181", "181 is too large", "180"),
    ("refinement", 1, "r_free", "28.7", "28.7 is too large", "1"),
    ("claims", 3, "verdict", "nearly", "'nearly' is not allowed", "correct, imprecise"),
    ("claims", 3, "evidence", "memory", "'memory' is not allowed", "computed, primary, review"),
    ("numbering", 1, "entry", "2q7n", "'2q7n' has not the right form", "[A-Z0-9]"),
    ("numbering", 1, "uniprot", "LIFR", "'LIFR' has not the right form", "has to match"),
    ("claims", 1, "citations", "Gough1988, Robinson1994", "right form", "has to match"),
]


@pytest.mark.parametrize(("table", "row", "column", "value", "problem", "remedy"), CELLS)
def test_a_wrong_cell_is_named(folder, table, row, column, value, problem, remedy):
    edit_cell(folder, table, row, column, value)
    error = refusal(lambda: data.read_table(table, folder=folder))
    assert (error.file, error.row, error.column) == (f"data/{table}.csv", row, column)
    assert problem in error.problem
    assert remedy in error.remedy


def test_a_unique_value_that_occurs_twice(folder):
    edit_cell(folder, "claims", 5, "id", "O1")
    error = refusal(lambda: data.read_table("claims", folder=folder))
    assert (error.file, error.row, error.column) == ("data/claims.csv", 5, "id")
    assert "row 1 already" in error.problem


def test_a_key_of_two_columns_that_occurs_twice(folder):
    edit_cell(folder, "numbering", 2, "chain", "A")
    error = refusal(lambda: data.read_table("numbering", folder=folder))
    assert (error.row, error.column) == (2, "entry, chain")
    assert "2Q7N, A" in error.problem


def test_a_foreign_key_to_nothing(folder):
    edit_cell(folder, "key_residues", 1, "claim", "S99")
    error = refusal(lambda: data.read_table("key_residues", folder=folder))
    assert (error.file, error.row, error.column) == ("data/key_residues.csv", 1, "claim")
    assert "S99 is not in table 'claims'" in error.problem


def test_a_foreign_key_of_two_columns_to_nothing(folder):
    edit_cell(folder, "domains", 3, "chain", "C")
    error = refusal(lambda: data.read_table("domains", folder=folder))
    assert (error.row, error.column) == (3, "entry, chain")
    assert "2Q7N, C" in error.problem


def test_an_unknown_citation_key_in_a_table(folder):
    edit_cell(folder, "claims", 4, "citations", "Robinson1994;Nobody1999")
    error = refusal(lambda: data.read_table("claims", folder=folder))
    assert (error.file, error.row, error.column) == ("data/claims.csv", 4, "citations")
    assert "Nobody1999" in error.problem
    assert "references.bib" in error.remedy


def test_an_unknown_citation_key_in_a_text():
    error = refusal(lambda: data.check_citations(["Huyton2007", "Huyton2070"]))
    assert error.file == "data/references.bib"
    assert "Huyton2070" in error.problem
