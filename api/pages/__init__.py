"""One frozen object per page: everything its template shows, decided here. Templates only print."""

from api.maps.places import WORLD, read_place
from api.pages.case import CasePage, case_page
from api.pages.cite import CiteView, cite_view
from api.pages.comparison.arrangements import compare_arrangements
from api.pages.comparison.cases import compare_cases
from api.pages.comparison.page import ComparisonPage
from api.pages.comparison.start import ComparisonStartPage, comparison_start
from api.pages.comparison.table import comparison_csv
from api.pages.contributing.check import (
    LONGEST_SHOWN,
    CheckedPage,
    CheckPage,
    check_page,
    checked_page,
    corrected_file,
)
from api.pages.contributing.contribute import ContributePage, contribute_page, wanted_terms
from api.pages.contributing.draft import DraftPage, draft_page
from api.pages.contributing.form.answers import Answers, answers_of, digest_of, read_answers
from api.pages.contributing.form.page import CaseFormPage, case_form_page, written_file
from api.pages.contributing.preview import (
    PreviewBrokenPage,
    PreviewCasePage,
    PreviewHistoryPage,
    PreviewPage,
    preview_broken_page,
    preview_case_page,
    preview_history_page,
    preview_page,
)
from api.pages.contributing.rules import RulePage, RulesPage, rule_page, rules_page
from api.pages.contributing.status import StatusPage, status_page
from api.pages.guide.arrangements import ArrangementPage, ArrangementsPage, arrangement_page, arrangements_page
from api.pages.guide.challenges import ChallengePage, ChallengesPage, challenge_page, challenges_page
from api.pages.guide.cities import (
    CitiesPage,
    CityPage,
    ContinentPage,
    CountryPage,
    cities_page,
    city_page,
    continent_page,
    country_page,
)
from api.pages.guide.which import WhichPage, which_page
from api.pages.guide.worksheet import WorksheetPage, worksheet_page
from api.pages.guide.worksheet_document import worksheet_document
from api.pages.map import MapPage, map_page
from api.pages.matrix import MatrixPage, matrix_page
from api.pages.parts.found import first_cases_with
from api.pages.parts.page import Page
from api.pages.saved_list.page import SavedPage, saved_page
from api.pages.saved_list.reader import ReaderPage, reader_document, reader_page
from api.pages.search import SearchPage, search_page
from api.pages.site.about import AboutPage, about_page
from api.pages.site.api_docs import ApiDocsPage, api_docs_page
from api.pages.site.changes import NewPage, new_page
from api.pages.site.error import ErrorPage, near_pages, search_for_words_in
from api.pages.site.feed import FeedPage, feed_page
from api.pages.site.home import HomePage, home_page
from api.pages.site.llms import LlmsPage, llms_page
from api.pages.site.method import MethodPage, method_page
from api.pages.site.sitemap import SitemapPage, sitemap_page, sitemap_part

__all__ = [
    "LONGEST_SHOWN",
    "WORLD",
    "AboutPage",
    "Answers",
    "ApiDocsPage",
    "ArrangementPage",
    "ArrangementsPage",
    "CaseFormPage",
    "CasePage",
    "ChallengePage",
    "ChallengesPage",
    "CheckPage",
    "CheckedPage",
    "CiteView",
    "CitiesPage",
    "CityPage",
    "ComparisonPage",
    "ComparisonStartPage",
    "ContinentPage",
    "ContributePage",
    "CountryPage",
    "DraftPage",
    "ErrorPage",
    "FeedPage",
    "HomePage",
    "LlmsPage",
    "MapPage",
    "MatrixPage",
    "MethodPage",
    "NewPage",
    "Page",
    "PreviewBrokenPage",
    "PreviewCasePage",
    "PreviewHistoryPage",
    "PreviewPage",
    "ReaderPage",
    "RulePage",
    "RulesPage",
    "SavedPage",
    "SearchPage",
    "SitemapPage",
    "StatusPage",
    "WhichPage",
    "WorksheetPage",
    "about_page",
    "answers_of",
    "api_docs_page",
    "arrangement_page",
    "arrangements_page",
    "case_form_page",
    "case_page",
    "challenge_page",
    "challenges_page",
    "check_page",
    "checked_page",
    "cite_view",
    "cities_page",
    "city_page",
    "compare_arrangements",
    "compare_cases",
    "comparison_csv",
    "comparison_start",
    "continent_page",
    "contribute_page",
    "corrected_file",
    "country_page",
    "digest_of",
    "draft_page",
    "feed_page",
    "first_cases_with",
    "home_page",
    "llms_page",
    "map_page",
    "matrix_page",
    "method_page",
    "near_pages",
    "new_page",
    "preview_broken_page",
    "preview_case_page",
    "preview_history_page",
    "preview_page",
    "read_answers",
    "read_place",
    "reader_document",
    "reader_page",
    "rule_page",
    "rules_page",
    "saved_page",
    "search_for_words_in",
    "search_page",
    "sitemap_page",
    "sitemap_part",
    "status_page",
    "wanted_terms",
    "which_page",
    "worksheet_document",
    "worksheet_page",
    "written_file",
]
