"""The data package: frictionless accepts it, it is complete, and its statements hold.

Every number that a correction in ``claims.csv`` takes from coordinates is computed again
here, so that text and data cannot drift apart.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import shutil
from collections import Counter
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import refresh
from frictionless import Package
from pybtex.database import parse_file
from scipy.spatial.distance import cdist

from lifbook import data
from lifbook import structure as st

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT / "data"
PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {resource["name"]: resource for resource in PACKAGE["resources"]}
TABLES = [name for name, resource in RESOURCES.items() if "schema" in resource]
BIBLIOGRAPHY = parse_file(DATA / "references.bib").entries


def load_tool():
    """tools/datapackage.py as a module."""
    spec = importlib.util.spec_from_file_location("tool", PROJECT / "tools" / "datapackage.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tool = load_tool()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scratch copy of the data."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


# --- the package ------------------------------------------------------------------------


def test_frictionless_accepts_the_package_and_every_resource():
    report = Package(str(DATA / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])
    assert report.stats["tasks"] == len(RESOURCES)
    assert report.stats["warnings"] == 0


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("structures/2q7n.pdb", "41.", "42."),
        ("key_residues.csv", ",S14,", ",S99,"),
        ("numbering.csv", ",mouse,", ",ferret,"),
    ],
)
def test_frictionless_sees_what_was_altered(folder, path, before, after):
    file = folder / path
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    assert not Package(str(folder / "datapackage.json")).validate().valid


def test_every_file_is_listed_and_its_size_and_hash_are_up_to_date():
    assert tool.problems(DATA, PACKAGE) == []
    assert tool.refresh(DATA, json.loads(json.dumps(PACKAGE))) == []


@pytest.mark.parametrize("name", RESOURCES)
def test_a_resource_says_what_it_is_and_where_it_comes_from(name):
    resource = RESOURCES[name]
    for key in ("title", "description", "path", "format", "mediatype", "encoding", "usedBy"):
        assert resource[key], key
    for licence in resource["licenses"]:
        assert licence["name"] in ("CC0-1.0", "CC-BY-4.0")
        assert licence["path"].startswith("https://creativecommons.org/")
    assert all(source["title"] for source in resource["sources"])
    assert any(source["path"].startswith("https://doi.org/") for source in resource["sources"])
    for field in resource.get("schema", {}).get("fields", []):
        assert field["title"] and field["description"], field["name"]


@pytest.mark.parametrize("name", RESOURCES)
def test_a_resource_is_read_where_the_package_says(name):
    resource = RESOURCES[name]
    file = Path(resource["path"])
    words = [*resource.get("accessions", []), resource.get("entry", file.name)]
    words += [rf"[\"']{name}\\?[\"']", rf"[\"']{file.stem}\\?[\"']"]
    for user in resource["usedBy"]:
        places = [PROJECT / user, *(PROJECT / f"{user}{end}" for end in (".ipynb", ".md"))]
        text = [place.read_text(encoding="utf-8") for place in places if place.is_file()]
        assert text, f"{user}, which should read '{name}', does not exist"
        assert re.search("|".join(words), text[0], re.IGNORECASE), f"{user} does not read '{name}'"


# --- the tool ---------------------------------------------------------------------------


def test_the_tool_has_nothing_to_do(folder, capsys):
    assert tool.main(["--data", str(folder), "--check"]) == 0
    assert "up to date" in capsys.readouterr().out


def test_the_tool_updates_what_was_changed(folder, capsys):
    file = folder / "domains.csv"
    file.write_text(file.read_text("utf-8") + "\n", encoding="utf-8")
    manifest = folder / "datapackage.json"
    before = manifest.read_text("utf-8")
    assert tool.main(["--data", str(folder), "--check"]) == 1
    assert manifest.read_text("utf-8") == before
    assert tool.main(["--data", str(folder)]) == 0
    assert "updated: domains" in capsys.readouterr().out
    assert manifest.read_text("utf-8") != before
    assert tool.main(["--data", str(folder), "--check"]) == 0


def test_the_tool_refuses_a_file_that_is_not_listed(folder, capsys):
    (folder / "structures" / "1abc.pdb").write_text("END\n", encoding="utf-8")
    (folder / "domains.csv").write_text("changed\n", encoding="utf-8")
    before = (folder / "datapackage.json").read_text("utf-8")
    assert tool.main(["--data", str(folder)]) == 1
    assert "data/structures/1abc.pdb is not listed: add a resource" in capsys.readouterr().err
    assert (folder / "datapackage.json").read_text("utf-8") == before


def test_the_tool_refuses_a_listed_file_that_is_missing(folder, capsys):
    (folder / "domains.csv").unlink()
    assert tool.main(["--data", str(folder)]) == 1
    assert "data/domains.csv is listed but missing: restore it" in capsys.readouterr().err


def test_the_tool_refuses_two_resources_of_one_name_or_path(folder, capsys):
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    package["resources"].append(dict(package["resources"][0]))
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert tool.main(["--data", str(folder)]) == 1
    message = capsys.readouterr().err
    assert "the path 'structures/2q7n.pdb' is listed twice" in message
    assert "the name '2q7n' is listed twice" in message


# --- references -------------------------------------------------------------------------

# Volume and pages could not be verified; better none than wrong ones.
WITHOUT_PLACE = {"Stahl1994", "Hilton1988", "Ip1994", "Xu2019", "Jiang2021", "Seeneevassen2022"}


def test_the_book_reads_the_same_keys_as_a_bibtex_parser():
    assert data.citation_keys() == set(BIBLIOGRAPHY)


def test_no_key_and_no_work_is_listed_twice():
    keys = re.findall(r"^@\w+\{([^,]+),", (DATA / "references.bib").read_text("utf-8"), re.M)
    assert [key for key, number in Counter(key.lower() for key in keys).items() if number > 1] == []
    for field in ("doi", "pubmed", "title"):
        values = [e.fields[field].lower() for e in BIBLIOGRAPHY.values() if field in e.fields]
        assert [value for value, number in Counter(values).items() if number > 1] == []


@pytest.mark.parametrize("key", BIBLIOGRAPHY)
def test_a_reference_is_complete_and_well_formed(key):
    entry = BIBLIOGRAPHY[key]
    fields = entry.fields
    assert entry.persons["author"]
    assert fields["title"]
    if entry.type == "article":
        assert fields["journal"]
        assert re.fullmatch(r"(19|20)\d\d", fields["year"])
        assert key.endswith(fields["year"])
    if "doi" in fields:
        assert re.fullmatch(r"10\.\d{4,9}/[-.;()/:\w]+", fields["doi"])
    if "pubmed" in fields:
        assert re.fullmatch(r"\d{7,8}", fields["pubmed"])
    place = {"doi", "pubmed", "url"} & set(fields) or {"volume", "pages"} <= set(fields)
    assert bool(place) != (key in WITHOUT_PLACE)
    assert "note" not in fields


@pytest.mark.parametrize("key", BIBLIOGRAPHY)
def test_capitals_of_a_title_survive_a_style_that_lowers_them(key):
    title = BIBLIOGRAPHY[key].fields["title"]
    unprotected = re.sub(r"\{[^{}]*\}", "", title)
    assert not re.search(r"\b[A-Z]*[A-Z]{2}|\b(Ig|LIF|IL)\b", unprotected), title
    assert "&amp;" not in title and "*" not in title


def test_a_pdb_reference_carries_the_doi_of_its_entry():
    entries = {key: entry for key, entry in BIBLIOGRAPHY.items() if key.startswith("PDB")}
    assert entries
    for key, entry in entries.items():
        assert entry.fields["doi"] == f"10.2210/pdb{key[3:].lower()}/pdb"


def cited_in_tables() -> set[str]:
    """Keys in the columns of all tables that hold some."""
    return {
        key
        for name in TABLES
        for field in RESOURCES[name]["schema"]["fields"]
        if field.get("bibKeys")
        for cell in table(name)[field["name"]]
        for key in cell.split(";")
        if key
    }


def cited_in_pages() -> set[str]:
    """Keys that the text of a page or chapter cites."""
    texts = [
        path.read_text("utf-8")
        for path in [PROJECT / "intro.md", *(PROJECT / "chapters").glob("*.md")]
    ]
    for path in refresh.chapters():
        cells = json.loads(path.read_text("utf-8"))["cells"]
        texts += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    found = (re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", text) for text in texts)
    return {key.strip() for keys in found for cell in keys for key in cell.split(",")}


def test_every_reference_is_cited_in_a_table_or_a_page():
    in_tables, in_pages = cited_in_tables(), cited_in_pages()
    assert len(in_tables) >= 90 and len(in_pages) >= 20
    assert in_tables | in_pages == set(BIBLIOGRAPHY)


@pytest.mark.parametrize("name", TABLES)
def test_every_citation_of_a_table_is_in_the_references(name):
    fields = [field["name"] for field in RESOURCES[name]["schema"]["fields"]]
    cited = [field for field in fields if "citation" in field]
    marked = [f["name"] for f in RESOURCES[name]["schema"]["fields"] if f.get("bibKeys")]
    assert cited == marked
    with (DATA / RESOURCES[name]["path"]).open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for field in cited:
        keys = {key for row in rows for key in row[field].split(";") if key}
        assert keys <= set(BIBLIOGRAPHY)


# --- tables against coordinates and sequence --------------------------------------------


@cache
def chain(entry: str, chain_id: str):
    return st.get_chain(data.read_structure(entry), chain_id)


@cache
def table(name: str) -> pd.DataFrame:
    return data.read_table(name)


def atoms_of(entry: str, chain_id: str) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates of a chain's amino-acid atoms, and the residue number of each."""
    residues = [residue for residue in chain(entry, chain_id) if residue.id[0] == " "]
    atoms = [atom for residue in residues for atom in residue]
    return (
        np.array([atom.coord for atom in atoms], dtype=float).round(3),
        np.array([atom.parent.id[1] for atom in atoms]),
    )


@pytest.mark.parametrize(
    "row", list(table("numbering").itertuples()), ids=lambda row: row.entry + row.chain
)
def test_numbering_agrees_with_the_coordinates(row):
    numbers = st.residue_table(chain(row.entry, row.chain))["number"]
    assert list(numbers) == list(range(row.first, row.last + 1))


def test_offsets_agree_with_the_records_of_the_entry_and_the_sequence():
    records = [line for line in data.read_pdb_text("2Q7N").splitlines() if line[:5] == "DBREF"]
    assert len(records) == 2
    for record in records:
        row = data.numbering("2Q7N", record[12])
        assert record[33:41].strip() == row.uniprot
        assert int(record[14:18]) + row.offset == int(record[55:60])
        assert int(record[20:24]) + row.offset == int(record[62:67])
    for entry in ("2Q7N", "1PVH"):
        row = data.numbering(entry, "B")
        seen = st.sequence(chain(entry, "B"))
        precursor = data.read_sequence(row.uniprot)
        assert seen == precursor[row.first + row.offset - 1 : row.last + row.offset]


def test_the_variant_of_il4_is_the_one_that_the_table_says():
    assert "T13D" in table("pdb_entries").set_index("entry").loc["2D48", "contents"]
    assert st.get_residue(chain("2D48", "A"), 13).resname == "ASP"


def test_shipped_entries_are_those_with_coordinates():
    shipped = set(table("pdb_entries").query("shipped")["entry"])
    assert shipped == {value["entry"] for value in RESOURCES.values() if "entry" in value}
    # of viral IL-6 no UniProt number could be confirmed
    assert shipped - {"1I1R"} == set(table("numbering")["entry"])


def test_mean_b_factors_are_those_of_the_files():
    for row in table("refinement").itertuples():
        if row.entry in set(table("numbering")["entry"]):
            values = [atom.bfactor for atom in data.read_structure(row.entry).get_atoms()]
            known = np.isnan(row.mean_b) or row.mean_b == pytest.approx(np.mean(values), abs=0.06)
            assert known
            assert np.isnan(row.mean_b) == (max(values) == 0)
    assert table("refinement").set_index("entry").loc["2Q7N", "r_free"] == 0.287


def test_resolution_is_that_of_the_files():
    resolution = table("refinement").set_index("entry")["resolution"]
    for entry in ("2Q7N", "1PVH", "1LKI"):
        found = re.search(r"REMARK   2 RESOLUTION\. +([\d.]+)", data.read_pdb_text(entry))
        assert float(found[1]) == resolution[entry]


def test_key_residues_have_both_numbers_right():
    lif = data.numbering("2Q7N", "B")
    precursor = data.read_sequence(lif.uniprot)
    for row in table("key_residues").itertuples():
        residue = st.get_residue(chain("2Q7N", "B"), row.mature)
        assert residue.resname == row.residue
        assert st.label(residue) == row.label
        assert lif.to_uniprot(row.mature) == row.uniprot
        assert precursor[row.uniprot - 1] == st.sequence(chain("2Q7N", "B"))[row.mature - 1]
        assert row.label in claim(row.claim).claim
        assert f"{row.label[:3]}{row.uniprot} of UniProt" in claim(row.claim).correction


def test_findings_on_the_key_residues():
    a, b = chain("2Q7N", "A"), chain("2Q7N", "B")
    cis = st.torsions(b).set_index("number")["omega"]
    assert min(abs(cis[50]), abs(cis[51])) < 5
    xyz_a, number_a = atoms_of("2Q7N", "A")
    xyz_b, number_b = atoms_of("2Q7N", "B")
    distances = cdist(xyz_a, xyz_b[number_b == 153])
    assert distances.min() > 4.0
    assert st.get_residue(a, int(number_a[distances.min(axis=1).argmin()])).resname == "ASP"
    assert number_a[distances.min(axis=1).argmin()] == 210


def test_domains_tile_the_receptor():
    domains = table("domains")
    lifr = data.numbering("2Q7N", "A")
    assert list(domains["domain"]) == ["D1", "D2", "D3", "D4", "D5"]
    assert domains["start"].iloc[0] == lifr.first
    assert domains["end"].iloc[-1] == lifr.last
    assert list(domains["start"][1:]) == [end + 1 for end in domains["end"][:-1]]


def fewest_contacts(first: int, last: int, cutoff: float) -> int:
    """Where to cut residues ``first`` to ``last`` so that the two parts touch least.

    A contact is a pair of residues whose CB atoms (CA of glycine) are within ``cutoff`` Å.
    Parts of fewer than 30 residues do not count as domains.
    """
    residues = [st.get_residue(chain("2Q7N", "A"), n) for n in range(first, last + 1)]
    points = np.array([r["CB" if "CB" in r else "CA"].coord for r in residues])
    near = cdist(points, points) <= cutoff
    across = {cut: near[:cut, cut:].sum() for cut in range(30, len(residues) - 30)}
    return first + min(across, key=across.get) - 1


@pytest.mark.parametrize("cutoff", [6.0, 7.0, 8.0, 10.0, 12.0])
def test_the_computed_boundary_between_d4_and_d5(cutoff):
    domains = table("domains").set_index("domain")
    cut = fewest_contacts(domains.loc["D4", "start"], domains.loc["D5", "end"], cutoff)
    assert cut == domains.loc["D4", "end"]


@pytest.mark.parametrize("pair", [("D1", "D2"), ("D2", "D3")])
@pytest.mark.parametrize("cutoff", [6.0, 8.0, 10.0, 12.0])
def test_the_same_computation_comes_near_the_boundaries_of_the_refinement(pair, cutoff):
    domains = table("domains").set_index("domain")
    cut = fewest_contacts(domains.loc[pair[0], "start"], domains.loc[pair[1], "end"], cutoff)
    assert abs(cut - domains.loc[pair[0], "end"]) <= 4


def test_helices_of_il4_by_nmr_start_where_those_of_the_crystal_start():
    crystal = st.helices(chain("2D48", "A"))
    nmr = table("short_chain_helices")
    assert list(nmr["start"]) == list(crystal["start"])
    assert max(abs(nmr["end"] - crystal["end"])) <= 3


@pytest.mark.parametrize("entry", ["1LKI", "2D48"])
def test_backbones_are_whole(entry):
    residues = [residue for residue in chain(entry, "A") if residue.id[0] == " "]
    inside = [residue["N"] - residue["CA"] for residue in residues]
    between = [b["N"] - a["C"] for a, b in pairwise(residues)]
    assert np.allclose(inside, 1.46, atol=0.06)
    assert np.allclose(between, 1.33, atol=0.06)


def test_mouse_lif_fits_human_lif():
    fit = st.superimpose(chain("1LKI", "A"), chain("1PVH", "B"))
    assert len(fit.table) == 169
    assert fit.rmsd == pytest.approx(1.3, abs=0.05)


# --- claims -----------------------------------------------------------------------------


def claim(claim_id: str):
    return table("claims").set_index("id").loc[claim_id]


def numbers(claim_id: str, pattern: str) -> list[tuple[float, ...]]:
    """Numbers that a correction gives in the words of ``pattern``; at least one."""
    found = re.findall(pattern, claim(claim_id).correction)
    assert found, f"{claim_id} does not say {pattern}"
    return [tuple(float(x) for x in ((m,) if isinstance(m, str) else m)) for m in found]


#: Number of claims in each section of the source article; more may be added after them.
CLAIMS = {
    "Overview": 16,
    "Structure": 22,
    "Function": 23,
    "Interactions": 15,
    "Clinical Significance": 22,
}


def test_the_claims_of_all_sections_are_there():
    claims = table("claims")
    counts = claims["section"].value_counts(sort=False)  # in the order of the table
    assert list(counts.index)[: len(CLAIMS)] == list(CLAIMS)
    assert all(counts[section] >= number for section, number in CLAIMS.items())
    assert list(claims["id"]) == [
        f"{section[0]}{number}"
        for section, count in counts.items()
        for number in range(1, count + 1)
    ]
    # Each chapter treats one section at most, in the order of the book.
    chapters = [
        path.relative_to(refresh.ROOT).with_suffix("").as_posix() for path in refresh.chapters()
    ]
    treated = list(claims["chapter"].unique())
    assert treated == [chapter for chapter in chapters if chapter in treated]
    assert len(treated) == len(counts)
    for row in claims.itertuples():
        assert row.section[0] == row.id[0]
        assert row.chapter == f"chapters/{row.section.lower().replace(' ', '_')}"
        assert row.claim.endswith(".")
        if row.verdict != "correct":
            assert row.correction, row.id
        assert not row.correction or row.correction.endswith((".", ":"))


@pytest.mark.parametrize(("claim_id", "side"), [("S12", "b"), ("S13", "a")])
def test_counts_at_cutoffs(claim_id, side):
    stated = numbers(claim_id, r"(\d+)(?: residues)? at (\d\.\d) Å")
    assert len(stated) == 4
    cutoffs = [cutoff for _, cutoff in stated]
    counts = st.contact_counts(chain("2Q7N", "A"), chain("2Q7N", "B"), cutoffs)
    assert list(counts[side]) == [count for count, _ in stated]
    reported = int(re.search(r"\d+", claim(claim_id).claim)[0])
    assert reported in list(counts[side])


def test_no_cutoff_gives_both_reported_counts():
    assert "No one cut-off gives both 22 residues of LIF and 25 of LIFR" in claim("S13").correction
    pairs = st.contacts(chain("2Q7N", "A"), chain("2Q7N", "B"), 8.0)
    for distance in pairs["distance"]:
        near = pairs[pairs["distance"] <= distance]
        assert (near["b"].nunique(), near["a"].nunique()) != (22, 25)


@cache
def buried_surface() -> pd.DataFrame:
    """What LIF and LIFR bury, residue by residue."""
    return st.buried_surface(chain("2Q7N", "A"), chain("2Q7N", "B"))


@pytest.mark.parametrize(("claim_id", "number"), [("S14", 51), ("S15", 153)])
def test_buried_surface_and_contacts_of_residues(claim_id, number):
    ((stated,),) = numbers(claim_id, r"loses about (\d+) Å²")
    buried = buried_surface()
    row = buried[(buried["chain"] == "B") & (buried["number"] == number)].iloc[0]
    assert row["buried"] == pytest.approx(stated, abs=1)
    near = st.contacts(chain("2Q7N", "A"), chain("2Q7N", "B"), 4.0)["b"]
    says = "is in contact with LIFR at 4.0 Å" in claim(claim_id).correction
    assert says == (number in set(near))
    assert says != ("no contact closer than 4.0 Å" in claim(claim_id).correction)


def test_the_interface_is_a_saddle_at_every_cutoff_of_the_claim():
    ((low, high),) = numbers("S11", r"from (\d\.\d) to (\d\.\d) Å")
    assert claim("S11").verdict == "correct"
    for cutoff in np.arange(low, high + 0.01, 0.25):
        points = st.interface_points(chain("2Q7N", "A"), chain("2Q7N", "B"), float(cutoff))
        assert st.fit_quadric(points).kind == "saddle", cutoff


@pytest.mark.parametrize("cutoff", [4.0, 5.0, 6.0])
def test_most_contacts_of_the_receptor_lie_in_d3(cutoff):
    d3 = table("domains").set_index("domain").loc["D3"]
    residues = st.contacts(chain("2Q7N", "A"), chain("2Q7N", "B"), cutoff)["a"].drop_duplicates()
    assert residues.between(d3["start"], d3["end"]).mean() > 0.5


LIF = (("2Q7N", "B"), ("1PVH", "B"), ("1LKI", "A"))


@cache
def four_helices(entry: str, chain_id: str) -> dict[str, tuple[int, int]]:
    """The four long helices, A to D."""
    found = st.helices(chain(entry, chain_id), min_length=12)
    assert len(found) == 4
    ends = [(row.start, row.end) for row in found.itertuples()]
    return dict(zip("ABCD", ends, strict=True))


@cache
def axes(entry: str, chain_id: str) -> dict[str, st.Axis]:
    helices = four_helices(entry, chain_id).items()
    return {name: st.helix_axis(chain(entry, chain_id), *ends) for name, ends in helices}


@pytest.mark.parametrize(("entry", "chain_id"), [*LIF, ("2D48", "A")])
def test_up_up_down_down(entry, chain_id):
    angles = st.crossing_angles(axes(entry, chain_id))
    for first, second in combinations("ABCD", 2):
        together = {first, second} in ({"A", "B"}, {"C", "D"})
        assert (angles.loc[first, second] < 90) == together


def test_helices_are_long():
    for entry, chain_id in LIF[1:]:
        for start, end in four_helices(entry, chain_id).values():
            assert end - start + 1 > 20
    lif, il4 = four_helices("1LKI", "A"), four_helices("2D48", "A")
    nmr = table("short_chain_helices").set_index("helix")
    for name in "ABCD":
        length = lif[name][1] - lif[name][0] + 1
        assert length > il4[name][1] - il4[name][0] + 1
        assert length > nmr.loc[name, "end"] - nmr.loc[name, "start"] + 1


def test_packing_of_the_helices():
    ranges = numbers("S5", r"(\d+) to (\d+) Å apart and cross at (\d+) to (\d+)°")
    assert len(ranges) == 2
    antiparallel = ("AC", "AD", "BC", "BD")
    gaps = {}
    for stated, proteins in zip(ranges, (LIF, [("2D48", "A")]), strict=True):
        bundles = [axes(*protein) for protein in proteins]
        distance = {
            pair: [st.axis_distance(bundle[pair[0]], bundle[pair[1]]) for bundle in bundles]
            for pair in antiparallel
        }
        angle = [180 - st.crossing_angle(x[p[0]], x[p[1]]) for x in bundles for p in antiparallel]
        every = [value for values in distance.values() for value in values]
        computed = (min(every), max(every), min(angle), max(angle))
        assert stated == pytest.approx(computed, abs=0.55)
        gaps[len(proteins)] = {pair: np.mean(values) for pair, values in distance.items()}
    assert "only B–D is clearly closer in LIF" in claim("S5").correction
    closer = {pair for pair in antiparallel if gaps[1][pair] - gaps[3][pair] > 1}
    assert closer == {"BD"}


def test_the_turn_in_the_ab_loop():
    assert "Residues 56–59 of the AB loop (UniProt 78–81 in human LIF)" in claim("S6").correction
    assert data.numbering("2Q7N", "B").to_uniprot(56) == 78
    short = {}
    for entry, chain_id in (*LIF, ("2D48", "A")):
        found = st.helices(chain(entry, chain_id), min_length=4)
        found = found[found["length"] < 12]
        short[entry] = list(zip(found["start"], found["end"], strict=True))
    assert short["2Q7N"] == short["1LKI"] == [(56, 59)]
    assert short["1PVH"] == []
    assert len(short["2D48"]) > 0


def test_the_turn_is_far_from_the_cd_loop():
    ((stated,),) = numbers("S7", r"at least (\d+) Å")
    nearest = []
    for entry, chain_id in LIF:
        helices = four_helices(entry, chain_id)
        xyz, number = atoms_of(entry, chain_id)
        loop = (number > helices["C"][1]) & (number < helices["D"][0])
        turn = (number >= 56) & (number <= 59)
        nearest.append(cdist(xyz[turn], xyz[loop]).min())
    assert min(nearest) >= stated
