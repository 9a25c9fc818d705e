"""The widgets. Each has one name, under which its Python, JavaScript and styles stand side by side."""

from lifbook.page.widgets.binding import BindingExplorer
from lifbook.page.widgets.bound import BoundExplorer
from lifbook.page.widgets.competition import CompetitionExplorer
from lifbook.page.widgets.contacts import ContactExplorer
from lifbook.page.widgets.evidence import EvidenceExplorer
from lifbook.page.widgets.family import FamilyExplorer
from lifbook.page.widgets.knockout import KnockoutPuzzle
from lifbook.page.widgets.linking import link, link_picks
from lifbook.page.widgets.pathway import PathwayMap
from lifbook.page.widgets.power import PowerExplorer
from lifbook.page.widgets.predict import Prediction
from lifbook.page.widgets.rank import RankStudies
from lifbook.page.widgets.sequence import SequenceStrip
from lifbook.page.widgets.signal import SignalExplorer
from lifbook.page.widgets.table import ResidueTable

__all__ = [
    "BindingExplorer",
    "BoundExplorer",
    "CompetitionExplorer",
    "ContactExplorer",
    "EvidenceExplorer",
    "FamilyExplorer",
    "KnockoutPuzzle",
    "PathwayMap",
    "PowerExplorer",
    "Prediction",
    "RankStudies",
    "ResidueTable",
    "SequenceStrip",
    "SignalExplorer",
    "link",
    "link_picks",
]
