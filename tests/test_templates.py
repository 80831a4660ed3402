"""Templates see page objects and nothing else."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError, meta, nodes

from api import pages
from api.address.site import Site
from api.pages import ErrorPage
from api.pages.parts.saving import Frame
from api.server.rendering import STATIC, environment, render
from tests.tools.take_pictures import WAYS

TEMPLATES = Path(__file__).parent.parent / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))

PAGE_OF = {
    "about.html": pages.AboutPage,
    "api_docs.html": pages.ApiDocsPage,
    "arrangement.html": pages.ArrangementPage,
    "arrangements.html": pages.ArrangementsPage,
    "case.html": pages.CasePage,
    "case_form.html": pages.CaseFormPage,
    "challenge.html": pages.ChallengePage,
    "challenges.html": pages.ChallengesPage,
    "cities.html": pages.CitiesPage,
    "check.html": pages.CheckPage,
    "checked.html": pages.CheckedPage,
    "city.html": pages.CityPage,
    "continent.html": pages.ContinentPage,
    "country.html": pages.CountryPage,
    "comparison.html": pages.ComparisonPage,
    "comparison_start.html": pages.ComparisonStartPage,
    "contribute.html": pages.ContributePage,
    "draft.html": pages.DraftPage,
    "error.html": pages.ErrorPage,
    "feed.atom": pages.FeedPage,
    "llms.txt": pages.LlmsPage,
    "opensearch.xml": pages.Page,
    "robots.txt": pages.Page,
    "sitemap.xml": pages.SitemapPage,
    "home.html": pages.HomePage,
    "map.html": pages.MapPage,
    "matrix.html": pages.MatrixPage,
    "method.html": pages.MethodPage,
    "new.html": pages.NewPage,
    "preview.html": pages.PreviewPage,
    "preview_history.html": pages.PreviewHistoryPage,
    "preview_broken.html": pages.PreviewBrokenPage,
    "preview_case.html": pages.PreviewCasePage,
    "reader.html": pages.ReaderPage,
    "saved.html": pages.SavedPage,
    "rule.html": pages.RulePage,
    "rules.html": pages.RulesPage,
    "search.html": pages.SearchPage,
    "status.html": pages.StatusPage,
    "which.html": pages.WhichPage,
    "worksheet.html": pages.WorksheetPage,
}


def test_every_page_template_is_listed_here() -> None:
    assert {name for name in NAMES if "/" not in name} - {"base.html"} == set(PAGE_OF)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_uses_only_the_names_it_is_given(name: str) -> None:
    source = (TEMPLATES / name).read_text("utf-8")
    tree = environment().parse(source)
    used = meta.find_undeclared_variables(tree)
    given = {"_", "frame", "gettext", "ngettext", "page", "paths", "site", "site_name", "static_url"}
    # A block that another template overrides sees where it is, and what that template imports.
    given |= {"section", "problems"} if name in ("case.html", "draft.html", "preview_case.html") else set()
    # And it sees what its own template imports and defines outside of blocks.
    given |= {node.target for node in tree.body if isinstance(node, nodes.Import)}
    given |= {node.name for node in tree.body if isinstance(node, nodes.Macro)}
    parts = {
        "label",
        "text",
        "examples",
        "card",
        "cards",
        "level",
        "group",
        "pagination",
        "slug",
        "title",
        "sources",
        "loop",
    }
    parts |= {
        "contrast",
        "guide",
        "what",
        "plot",
        "cite",
        "jsonld",
        "chips",
        "clear",
        "notices",
        "contents",
        "words",
        "version",
        "passages",
        "changes_href",
        "line",
        "drifts",
        "announced",
        "compact",
        "sections",
        "countries",
        "drawing",
        "groups",
        "path",
    }

    assert used <= (given | parts if name.startswith("parts/") else given)


def fields_used_by(name: str) -> set[str]:
    """The fields of the page that a template prints, and the template that it extends."""
    tree = environment().parse((TEMPLATES / name).read_text("utf-8"))
    used = {
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "page"
    }
    extended = {node.template.value for node in tree.find_all(nodes.Extends) if isinstance(node.template, nodes.Const)}
    return used.union(*map(fields_used_by, extended - {"base.html"}))


@pytest.mark.parametrize(("name", "page"), PAGE_OF.items())
def test_a_template_prints_every_field_of_its_page_and_no_other(name: str, page: type) -> None:
    used = fields_used_by(name)
    fields = {field.name for field in dataclasses.fields(page)}
    properties = {name for base in page.__mro__ for name, member in vars(base).items() if isinstance(member, property)}
    shown_by_base = {"title", "path"}

    assert used <= fields | properties
    assert fields - used <= shown_by_base


def test_a_missing_name_is_an_error_and_not_an_empty_string() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ page.nothing }}").render(page=object())


def test_a_page_is_rendered_with_its_site() -> None:
    site = Site("https://cases.example.org", "", "", is_fixed=True)
    response = render("error.html", ErrorPage("Not Found", "/x", "Nothing <here>."), Frame(site), 404)

    assert response.status_code == 404
    assert "Nothing &lt;here&gt;." in bytes(response.body).decode()
    assert '<link rel="canonical" href="https://cases.example.org/x">' in bytes(response.body).decode()


def test_the_stylesheet_closes_every_block() -> None:
    # Browsers forgive a missing brace by dropping rules without a word.
    depth = 0
    for line in (STATIC / "style.css").read_text("utf-8").splitlines():
        assert not (line.startswith("@layer") and depth), line
        depth += line.count("{") - line.count("}")

    assert depth == 0


def test_every_picture_of_the_way_to_a_case_can_be_taken_again() -> None:
    shown = set(re.findall(r'picture\("(\w+)"', (TEMPLATES / "contribute.html").read_text("utf-8")))
    taken = {path.name for path in (STATIC / "pictures").iterdir()}

    assert shown == set(WAYS)
    assert taken == {f"{name}-{scheme}.png" for name in WAYS for scheme in ("light", "dark")}
