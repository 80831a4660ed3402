"""One frozen object per page: everything its template shows, decided here. Templates only print."""

from api.pages.base import arrangement_cards, cases_with, counts, term_cards
from api.pages.case import CasePage, case_page
from api.pages.guide import (
    ArrangementsPage,
    ChallengesPage,
    CitiesPage,
    CityPage,
    TermPage,
    cities_page,
    city_page,
    term_page,
)
from api.pages.map import WORLD, MapPage, map_page, read_place
from api.pages.search import SearchPage, search_page
from api.pages.site import (
    NOT_WISHED_FOR,
    AboutPage,
    ApiDocsPage,
    ContributePage,
    ErrorPage,
    HomePage,
    about_page,
    api_docs_page,
    contribute_page,
    home_page,
    wanted_terms,
)

__all__ = [
    "NOT_WISHED_FOR",
    "WORLD",
    "AboutPage",
    "ApiDocsPage",
    "ArrangementsPage",
    "CasePage",
    "ChallengesPage",
    "CitiesPage",
    "CityPage",
    "ContributePage",
    "ErrorPage",
    "HomePage",
    "MapPage",
    "SearchPage",
    "TermPage",
    "about_page",
    "api_docs_page",
    "arrangement_cards",
    "case_page",
    "cases_with",
    "cities_page",
    "city_page",
    "contribute_page",
    "counts",
    "home_page",
    "map_page",
    "read_place",
    "search_page",
    "term_cards",
    "term_page",
    "wanted_terms",
]
