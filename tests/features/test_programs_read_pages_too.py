"""Data for search engines in a page is data: the browser neither runs it nor complains of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route, expect


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_browser_accepts_structured_data(browser: Browser, server: str, scripts: bool) -> None:
    # On a page of its own: a script that runs before all others would stay there for other tests.
    context = browser.new_context(base_url=server, java_script_enabled=scripts)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script("addEventListener('securitypolicyviolation', event => console.error(event.blockedURI))")
    page.goto("/about")

    expect(page.locator('script[type="application/ld+json"]')).to_have_count(1)
    text = page.locator('script[type="application/ld+json"]').text_content()
    assert page.evaluate("text => JSON.parse(text)['@graph'].map(thing => thing['@type'])", text) == [
        "Dataset",
        "DataCatalog",
        "BreadcrumbList",
    ]
    context.close()
    assert complaints == []


def test_an_inline_script_would_be_noticed(browser: Browser, server: str) -> None:
    """Otherwise the test above would listen in vain."""

    def as_a_script(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(' type="application/ld+json"', ""))

    context = browser.new_context(base_url=server)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.route("**/about", as_a_script)
    page.goto("/about")
    context.close()

    assert any("Content Security Policy" in complaint for complaint in complaints)
