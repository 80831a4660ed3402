"""Crossing Boundaries: finding, comparing and presenting case studies. The core; it knows no web.

These are the names that an application may use.
"""

from kb.authoring.content_folder import ContentFolder
from kb.authoring.differences import DiffLine, LineKind, Piece, changed_passages, differences
from kb.authoring.draft import Draft, preview_page, read_draft
from kb.authoring.draft_folder import DraftFolder, DraftList
from kb.authoring.fixing.fix import Change, Fixed, fix
from kb.authoring.handed_in import HandedIn, read_handed_in, slug_of_file
from kb.authoring.new_case import Addition, new_city_entry, new_country_entry, slug_for
from kb.authoring.parsing.publication import Fate
from kb.authoring.problems import Problem
from kb.authoring.rules import RULES, Level, Rule, rule_page, shown_example
from kb.authoring.schema import schema_text
from kb.authoring.writing.file import corrected, written
from kb.authoring.writing.findings import Finding, findings_in
from kb.authoring.writing.guidance import Guidance, case_guidance
from kb.authoring.writing.values import CaseValues, SourceValues, in_order_of, next_source, tidy, values_in
from kb.building.builder import build
from kb.building.past_versions import PastVersion, past_versions
from kb.building.report import BuildReport
from kb.building.state import BuildingState, Sight
from kb.deadline import Deadline, OutOfTime, check, within
from kb.editorial import Chapter, Entry, Overview, overview
from kb.errors import (
    BuildRunning,
    ContentError,
    GenerationError,
    KbError,
    NoGeneration,
    SearchError,
    SettingsError,
    ShortageError,
)
from kb.exporting.data import (
    LICENCE,
    CaseOut,
    CaseSummaryOut,
    TermOut,
    as_json,
    case_out,
    summary_as,
    summary_out,
    term_out,
)
from kb.exporting.table import BYTE_ORDER_MARK, EXPORT_COLUMNS, Column, csv_lines
from kb.exporting.whole import Export, ExportForm, export
from kb.hints import nearest, nearest_few
from kb.index.folder import IndexFolder
from kb.index.generation import Generation
from kb.index.live import LiveGeneration
from kb.index.opening import open_index
from kb.logs import LogFormat, current_request, set_up_logging
from kb.lru import LruCache
from kb.model.case import (
    CASE_SECTIONS,
    Case,
    CaseSummary,
    Challenge,
    Guide,
    Partner,
    Reason,
    ReviewState,
    Source,
    Status,
    slugify_heading,
)
from kb.model.contrast import Contrast, contrasting
from kb.model.history import CaseChange, ChangeKind
from kb.model.kinds import Kind
from kb.model.languages import LANGUAGES
from kb.model.questionnaire import Fit, Point, choose
from kb.model.section import GENERAL, Section
from kb.model.sentences import first_sentence
from kb.model.vocabulary import Answer, Arrangement, City, Country, Note, Question, Term, Vocabularies, Vocabulary
from kb.notices import REFUSALS, Notice, in_words
from kb.search.fields import FACETS, FACETS_BY_NAME, FacetField
from kb.search.highlighting.snippets import Highlighter
from kb.search.mentions import Names
from kb.search.naming import plain_name, read_terms, term_named
from kb.search.query.examples import QUERY_EXAMPLES
from kb.search.query.parser import MAX_CHARACTERS
from kb.search.related import Related
from kb.search.request import DEFAULT_SIZE, MAX_SIZE, SearchRequest, Sort
from kb.search.result import FacetCount, Hit, Ranges, Removal, SearchResult, Snippet, Suggestion
from kb.search.searching import make_request
from kb.search.suggesting import Name
from kb.search.suggesting import Suggestion as Suggested
from kb.settings import Settings, case_template_path, load_settings
from kb.signatures import with_parameters
from kb.stopping import has_begun as is_stopping
from kb.stores.store import StoredCase
from kb.translation import gettext, gettext_noop, ngettext
from kb.wording import (
    cases_in_words,
    change_in_words,
    city_in_country,
    counted,
    day_in_words,
    heading_in_words,
    listed,
    place_in_words,
    plural,
    status_in_words,
    years_in_words,
)

__all__ = [
    "BYTE_ORDER_MARK",
    "CASE_SECTIONS",
    "DEFAULT_SIZE",
    "EXPORT_COLUMNS",
    "FACETS",
    "FACETS_BY_NAME",
    "GENERAL",
    "LANGUAGES",
    "LICENCE",
    "MAX_CHARACTERS",
    "MAX_SIZE",
    "QUERY_EXAMPLES",
    "REFUSALS",
    "RULES",
    "Addition",
    "Answer",
    "Arrangement",
    "BuildReport",
    "BuildRunning",
    "BuildingState",
    "Case",
    "CaseChange",
    "CaseOut",
    "CaseSummary",
    "CaseSummaryOut",
    "CaseValues",
    "Challenge",
    "Change",
    "ChangeKind",
    "Chapter",
    "City",
    "Column",
    "ContentError",
    "ContentFolder",
    "Contrast",
    "Country",
    "Deadline",
    "DiffLine",
    "Draft",
    "DraftFolder",
    "DraftList",
    "Entry",
    "Export",
    "ExportForm",
    "FacetCount",
    "FacetField",
    "Fate",
    "Finding",
    "Fit",
    "Fixed",
    "Generation",
    "GenerationError",
    "Guidance",
    "Guide",
    "HandedIn",
    "Highlighter",
    "Hit",
    "IndexFolder",
    "KbError",
    "Kind",
    "Level",
    "LineKind",
    "LiveGeneration",
    "LogFormat",
    "LruCache",
    "Name",
    "Names",
    "NoGeneration",
    "Note",
    "Notice",
    "OutOfTime",
    "Overview",
    "Partner",
    "PastVersion",
    "Piece",
    "Point",
    "Problem",
    "Question",
    "Ranges",
    "Reason",
    "Related",
    "Removal",
    "ReviewState",
    "Rule",
    "SearchError",
    "SearchRequest",
    "SearchResult",
    "Section",
    "Settings",
    "SettingsError",
    "ShortageError",
    "Sight",
    "Snippet",
    "Sort",
    "Source",
    "SourceValues",
    "Status",
    "StoredCase",
    "Suggested",
    "Suggestion",
    "Term",
    "TermOut",
    "Vocabularies",
    "Vocabulary",
    "as_json",
    "build",
    "case_guidance",
    "case_out",
    "case_template_path",
    "cases_in_words",
    "change_in_words",
    "changed_passages",
    "check",
    "choose",
    "city_in_country",
    "contrasting",
    "corrected",
    "counted",
    "csv_lines",
    "current_request",
    "day_in_words",
    "differences",
    "export",
    "findings_in",
    "first_sentence",
    "fix",
    "gettext",
    "gettext_noop",
    "heading_in_words",
    "in_order_of",
    "in_words",
    "is_stopping",
    "listed",
    "load_settings",
    "make_request",
    "nearest",
    "nearest_few",
    "new_city_entry",
    "new_country_entry",
    "next_source",
    "ngettext",
    "open_index",
    "overview",
    "past_versions",
    "place_in_words",
    "plain_name",
    "plural",
    "preview_page",
    "read_draft",
    "read_handed_in",
    "read_terms",
    "rule_page",
    "schema_text",
    "set_up_logging",
    "shown_example",
    "slug_for",
    "slug_of_file",
    "slugify_heading",
    "status_in_words",
    "summary_as",
    "summary_out",
    "term_named",
    "term_out",
    "tidy",
    "values_in",
    "with_parameters",
    "within",
    "written",
    "years_in_words",
]
