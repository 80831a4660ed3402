"""The addresses of this site, written only here and in the routes that answer them."""

from __future__ import annotations

from urllib.parse import urlencode

from kb import ExportForm, Kind, preview_page, rule_page

HOME = "/"
CASES = Kind.CASE.overview
ARRANGEMENTS = Kind.ARRANGEMENT.overview
CHALLENGES = Kind.CHALLENGE.overview
CITIES = Kind.CITY.overview
COUNTRIES = "/countries"
WHICH = f"{ARRANGEMENTS}/which"
WORKSHEETS = f"{ARRANGEMENTS}#worksheets"
COMPARE = "/compare"
COMPARE_CSV = "/compare.csv"
SAVED = "/saved"
SAVED_READER = f"{SAVED}/reader"
SAVED_WORD = f"{SAVED}.docx"
MATRIX = "/matrix"
MAP = "/map"
ABOUT = "/about"
METHOD = "/method"
NEW = "/new"
CONTRIBUTE = "/contribute"
HOW_TO_CORRECT = f"{CONTRIBUTE}#correct"
STATUS = f"{CONTRIBUTE}/status"
CASE_TEMPLATE = f"{CONTRIBUTE}/template.md"
NEW_CASE = f"{CONTRIBUTE}/new"
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
PREVIEW = preview_page()
"""Only where drafts are shown."""
PREVIEW_CHANGES = f"{PREVIEW}/changes"
HEALTHZ = "/healthz"
READYZ = "/readyz"
METRICS = "/metrics"


def case(slug: str, extension: str = "") -> str:
    """The page of a case, or one of its other forms.

    >>> case("oslo-salto"), case("oslo-salto", ".bib")
    ('/cases/oslo-salto', '/cases/oslo-salto.bib')
    """
    return f"{Kind.CASE.page(slug)}{extension}"


def preview(slug: str) -> str:
    """A case file as its author sees it."""
    return preview_page(slug)


def preview_history(slug: str) -> str:
    """What its commits changed in a case file."""
    return f"{preview(slug)}/history"


def preview_changes(slug: str = "") -> str:
    """Where a browser is told of changes: of one case file, or of all."""
    return f"{PREVIEW_CHANGES}?{urlencode({'case': slug})}" if slug else PREVIEW_CHANGES


def collection(extension: str) -> str:
    """How to cite the collection, as a file.

    >>> collection(".bib")
    '/collection.bib'
    """
    return f"/collection{extension}"


def arrangement(term_id: str) -> str:
    """The guide page of an arrangement."""
    return Kind.ARRANGEMENT.page(term_id)


def worksheet(term_id: str) -> str:
    """The worksheet of an arrangement.

    >>> worksheet("intelligence-link")
    '/arrangements/intelligence-link/worksheet'
    """
    return f"{arrangement(term_id)}/worksheet"


def worksheet_document(term_id: str) -> str:
    """The worksheet of an arrangement for a word processor.

    >>> worksheet_document("intelligence-link")
    '/arrangements/intelligence-link/worksheet.docx'
    """
    return f"{worksheet(term_id)}.docx"


def challenge(term_id: str) -> str:
    """The guide page of a challenge."""
    return Kind.CHALLENGE.page(term_id)


def city(city_id: str) -> str:
    """The page of a city."""
    return Kind.CITY.page(city_id)


def country(country_id: str) -> str:
    """The page of a country.

    >>> country("denmark")
    '/countries/denmark'
    """
    return f"{COUNTRIES}/{country_id}"


def continent(continent_id: str) -> str:
    """The page of a continent."""
    return f"/continents/{continent_id}"


def rule(name: str) -> str:
    """The page of a rule for content files.

    >>> rule("bad-year")
    '/contribute/rules/bad-year'
    """
    return rule_page(name)


def status(chapter: str = "", page: int = 1) -> str:
    """The overview for editors, or a page of all that is in one chapter of it.

    >>> status(), status("stale"), status("stale", 2)
    ('/contribute/status', '/contribute/status?all=stale', '/contribute/status?all=stale&page=2')
    """
    return f"{STATUS}?all={chapter}{f'&page={page}' if page > 1 else ''}" if chapter else STATUS


def correct(slug: str) -> str:
    """The form that corrects a case.

    >>> correct("oslo-salto")
    '/contribute/new?case=oslo-salto'
    """
    return f"{NEW_CASE}?case={slug}"


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
