"""The addresses of this site, written only here and in the routes that answer them."""

from __future__ import annotations

from kb import ExportForm, Kind, rule_page

HOME = "/"
CASES = Kind.CASE.overview
ARRANGEMENTS = Kind.ARRANGEMENT.overview
CHALLENGES = Kind.CHALLENGE.overview
CITIES = Kind.CITY.overview
WHICH = f"{ARRANGEMENTS}/which"
COMPARE = "/compare"
COMPARE_CSV = "/compare.csv"
MATRIX = "/matrix"
MAP = "/map"
ABOUT = "/about"
CONTRIBUTE = "/contribute"
CASE_TEMPLATE = f"{CONTRIBUTE}/template.md"
RULES = rule_page("").rstrip("/")
CHECK = f"{CONTRIBUTE}/check"
CHECK_FILE = f"{CHECK}/file"

FEED = "/feed.atom"
SITEMAP = "/sitemap.xml"
OPENSEARCH = "/opensearch.xml"
ROBOTS = "/robots.txt"
LLMS = "/llms.txt"
FAVICON = "/favicon.ico"
TOUCH_ICON = "/apple-touch-icon.png"
CASE_SCHEMA = "/schema/case.json"

API_DOCS = "/api/docs"
OPENAPI = "/api/openapi.json"
API = "/api/v1"
API_SEARCH = f"{API}/search"
API_CASES = f"{API}/cases"
API_MATRIX = f"{API}/matrix"
SUGGEST = f"{API}/suggest"
SUGGEST_TO_BROWSER = f"{SUGGEST}/opensearch"

STATIC = "/static"
HEALTHZ = "/healthz"
READYZ = "/readyz"
METRICS = "/metrics"


def case(slug: str, extension: str = "") -> str:
    """The page of a case, or one of its other forms.

    >>> case("oslo-salto"), case("oslo-salto", ".bib")
    ('/cases/oslo-salto', '/cases/oslo-salto.bib')
    """
    return f"{Kind.CASE.page(slug)}{extension}"


def arrangement(term_id: str) -> str:
    """The guide page of an arrangement."""
    return Kind.ARRANGEMENT.page(term_id)


def worksheet(term_id: str) -> str:
    """The worksheet of an arrangement.

    >>> worksheet("intelligence-link")
    '/arrangements/intelligence-link/worksheet'
    """
    return f"{arrangement(term_id)}/worksheet"


def challenge(term_id: str) -> str:
    """The guide page of a challenge."""
    return Kind.CHALLENGE.page(term_id)


def city(city_id: str) -> str:
    """The page of a city."""
    return Kind.CITY.page(city_id)


def rule(name: str) -> str:
    """The page of a rule for content files.

    >>> rule("bad-year")
    '/contribute/rules/bad-year'
    """
    return rule_page(name)


def map_of(place: str) -> str:
    """The map of a region, given by the id of a continent or by a box; of the whole world if empty.

    >>> map_of("europe"), map_of("")
    ('/map/europe', '/map')
    """
    return f"{MAP}/{place}" if place else MAP


def sitemap_part(part: int) -> str:
    """One of the sitemaps that the index of sitemaps lists."""
    return f"/sitemap-{part}.xml"


def api_case(slug: str) -> str:
    """A case as JSON in the API."""
    return f"{API_CASES}/{slug}"


def export(form: ExportForm) -> str:
    """A whole result in one of the export formats.

    >>> export(ExportForm.CSV)
    '/api/v1/export.csv'
    """
    return f"{API}/export.{form}"


def static(name: str) -> str:
    """A static file, served unchanged."""
    return f"{STATIC}/{name}"
