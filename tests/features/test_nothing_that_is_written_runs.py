"""Scripts that somebody writes into content, or into an address, neither run in a browser nor ask anything of another
host: without the site's policy, so that escaping alone is tried; and with it, which then has nothing to prevent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from tests.attacks import ATTACKS, ELSEWHERE, attacked_library, city_of, slug_of
from tests.served import Served, served

pytestmark = pytest.mark.slow

# Noted before anything of a page runs: whatever an attack calls, and whatever the policy had to prevent.
WATCH = """
window.ran = [];
window.alert = window.confirm = window.prompt = (value) => window.ran.push(`called with ${value}`);
document.addEventListener("securitypolicyviolation", (event) => {
  window.ran.push(`prevented: ${event.violatedDirective}`);
});
"""

# What is in the document that only an attack could have put there.
FOREIGN = """() => {
  // How a browser shows a text or XML is its own matter.
  if (document.contentType !== "text/html") return window.ran.filter((what) => !what.includes("style-src"));
  const found = [...window.ran];
  const never = ["iframe", "object", "embed", "base", "style", "marquee", "video", "animate", "math"];
  const here = (address) => ["http:", "https:", "mailto:", ""].includes(new URL(address, location.href).protocol);
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    if (never.includes(name)) found.push(name);
    if (name === "meta" && element.httpEquiv) found.push("meta");
    if (name === "script" && !element.src && element.type !== "application/ld+json") found.push("script in the page");
    for (const { name: key, value } of element.attributes) {
      if (/^on|^srcdoc$|^style$/i.test(key)) found.push(key);
      const leads = ["href", "src", "action", "formaction", "xlink:href"].includes(key);
      if (leads && !here(value)) found.push(`${key}=${value}`);
      const target = ["src", "action", "formaction"].includes(key) && new URL(value, location.href).origin;
      if (target && target !== location.origin) found.push(`${key}=${value}`);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of the collection of `tests.attacks`."""
    with served(attacked_library(tmp_path_factory.mktemp("attacked")), "--no-watch") as running:
        yield running


class Visitor:
    """A browser that opens pages, and takes note of what they do."""

    def __init__(self, context: BrowserContext, server: Served) -> None:
        self.page: Page = context.new_page()
        self._server = server
        self._asked: list[str] = []
        self.page.add_init_script(WATCH)
        self.page.on("request", self._note)

    def _note(self, asked: Request) -> None:
        if not asked.url.startswith(self._server.address) and not asked.url.startswith("data:"):
            self._asked.append(asked.url)

    def found_at(self, path: str) -> list[str]:
        """What ran, was prevented, was asked of another host or is foreign in a page; after things were touched."""
        self.page.goto(f"{self._server.address}{path}")
        self.page.mouse.move(200, 200)
        return self.found()

    def found(self) -> list[str]:
        """The same of the page that is open."""
        return [*self._asked, *self.page.evaluate(FOREIGN)]


@pytest.fixture(scope="module", params=["escaping alone", "with the policy"])
def visitor(request: pytest.FixtureRequest, browser: Browser, attacked: Served) -> Iterator[Visitor]:
    with browser.new_context(bypass_csp=request.param == "escaping alone") as context:
        yield Visitor(context, attacked)


def some_slow(numbers: Iterable[int]) -> list[object]:
    """Attacks by their number; most are tried in CI."""
    return [pytest.param(n, id=ATTACKS[n], marks=() if n in (25, 62) else pytest.mark.slow) for n in numbers]


def addresses_of(number: int) -> Iterator[str]:
    """Pages that show an attack of the content, and those to which it is sent as words, a value, a name or a path."""
    attack, slug, city = ATTACKS[number], slug_of(number), city_of(number)
    other = slug_of((number + 1) % len(ATTACKS))
    typed = quote(attack, safe="")
    yield f"/cases/{slug}?{urlencode({'q': attack})}"
    yield f"/cities/{city}"
    yield f"/compare?case={slug}&case={other}"
    yield f"/cases?city={city}&q=words&shelf={slug}"
    yield f"/map?city={city}"
    yield f"/cases?{urlencode({'q': attack, 'city': attack, 'arrangement': attack, 'sort': attack, 'shelf': attack})}"
    yield f"/cases?{typed}={typed}&page=1#{typed}"
    yield f"/cases?page={typed}"
    yield f"/matrix?{urlencode({'q': attack, 'country': attack})}"
    yield f"/map?{urlencode({'q': attack})}"
    yield f"/map/{typed}"
    yield f"/compare?{urlencode({'case': attack, 'arrangement': attack})}"
    yield f"/arrangements/which?{urlencode({'person': attack, attack: attack})}"
    yield f"/{typed}"
    yield f"/cases/{typed}"
    yield f"/cities/{typed}?{typed}"
    yield f"/api/v1/search?{urlencode({'q': attack, 'city': attack})}"
    yield f"/api/v1/cases/{slug}"
    yield f"/api/v1/cases/{typed}"
    yield f"/feed.atom?{urlencode({'q': attack})}"
    yield f"/cases/{slug}.md"


@pytest.mark.parametrize("number", some_slow(range(len(ATTACKS))))
def test_nothing_runs_that_is_written_into_a_case_a_city_or_an_address(visitor: Visitor, number: int) -> None:
    found = {address: visitor.found_at(address) for address in addresses_of(number)}

    assert {address: what for address, what in found.items() if what} == {}


OVERVIEWS = (
    "/",
    "/cases",
    "/cases?size=100",
    "/arrangements",
    "/arrangements/informing-and-intervening",
    "/arrangements/informing-and-intervening/worksheet",
    "/arrangements/which",
    "/arrangements/which?person=yes",
    "/challenges",
    "/challenges/fragile-trust",
    "/cities",
    "/map",
    "/matrix",
    "/compare",
    "/compare?arrangement=informing-and-intervening&arrangement=intelligence-link",
    "/cases?experienced_as=intelligence-link",
    "/about",
    "/contribute",
    "/api/docs",
    "/api/v1/arrangements",
    "/api/v1/cities",
    "/feed.atom",
    "/sitemap.xml",
    "/llms.txt",
)


@pytest.mark.parametrize(
    "address", [pytest.param(address, marks=() if "?" in address else pytest.mark.slow) for address in OVERVIEWS]
)
def test_nothing_runs_on_pages_that_show_all_of_it(visitor: Visitor, address: str) -> None:
    assert visitor.found_at(address) == []


@pytest.mark.parametrize("number", some_slow(range(len(ATTACKS))))
def test_nothing_runs_that_is_typed_suggested_or_ticked(visitor: Visitor, number: int) -> None:
    page = visitor.page
    assert visitor.found_at("/cases") == []
    box = page.get_by_role("combobox", name="Search the cases")
    box.fill(f"other {number} {ATTACKS[number]}"[:60])
    page.wait_for_timeout(150)
    box.fill(ATTACKS[number])
    box.press("Enter")
    expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true")

    assert visitor.found() == []


def test_suggestions_show_names_as_they_are_written(visitor: Visitor) -> None:
    visitor.page.goto(f"{visitor._server.address}/cases")
    visitor.page.get_by_role("combobox", name="Search the cases").fill("script alert")
    option = visitor.page.get_by_role("option").filter(has_text="alert(1)").first
    option.wait_for()

    assert "<" in option.inner_text()
    assert visitor.found() == []


def test_these_tests_would_notice(browser: Browser, attacked: Served) -> None:
    with browser.new_context(bypass_csp=True) as context:
        visitor = Visitor(context, attacked)
        visitor.page.route(
            "**/about", lambda route: route.fulfill(content_type="text/html", body="".join(ATTACKS[:31]))
        )
        found = visitor.found_at("/about")

    assert any(what.startswith("called") for what in found)
    assert any(ELSEWHERE in what for what in found)
    assert "iframe" in found


def test_the_policy_prevents_what_escaping_would_let_through(browser: Browser, attacked: Served) -> None:
    with browser.new_context() as context:
        visitor = Visitor(context, attacked)

        def infect(route: Route) -> None:
            answer = route.fetch()
            route.fulfill(response=answer, body=answer.text() + "".join(ATTACKS[:12]))

        visitor.page.route("**/about", infect)
        visitor.page.goto(f"{attacked.address}/about")
        visitor.page.wait_for_timeout(200)
        ran = visitor.page.evaluate("window.ran")

    assert [what for what in ran if what.startswith("called")] == []
    assert [what for what in ran if what.startswith("prevented: script-src")] != []
