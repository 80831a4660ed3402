"""With JavaScript a tick shows its cases immediately, and neither address, Back nor focus is lost."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, Page, expect


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def is_same_document(page: Page) -> bool:
    return bool(page.evaluate("window.marked === true"))


def test_ticks_change_the_cases_and_the_address_and_back_undoes_them(scripted: Page) -> None:
    scripted.goto("/cases?q=police")
    scripted.evaluate("window.marked = true")
    before = heading(scripted).inner_text()

    tick = scripted.get_by_role("checkbox", name=re.compile("Knowledge exchange network"))
    tick.focus()
    scripted.keyboard.press("Space")
    expect(heading(scripted)).to_contain_text("Knowledge exchange network")
    expect(scripted).to_have_url(re.compile(r"/cases\?q=police&arrangement=knowledge-exchange$"))
    expect(scripted).to_have_title(re.compile("Knowledge exchange network"))
    expect(tick).to_be_focused()
    expect(scripted.get_by_role("status").filter(has_text="Knowledge exchange")).to_have_text(
        heading(scripted).inner_text()
    )

    scripted.go_back()
    expect(heading(scripted)).to_have_text(before)
    expect(tick).not_to_be_checked()
    scripted.go_forward()
    expect(tick).to_be_checked()
    assert is_same_document(scripted)


def test_paging_moves_to_the_heading_and_another_order_keeps_the_position(scripted: Page) -> None:
    scripted.goto("/cases?size=10")
    scripted.evaluate("window.marked = true")

    scripted.get_by_role("link", name="Next").click()
    expect(scripted).to_have_url(re.compile(r"/cases\?page=2&size=10$"))
    expect(heading(scripted)).to_be_focused()

    scripted.get_by_label("Sort by", exact=True).focus()
    scripted.get_by_label("Sort by", exact=True).select_option("title")
    expect(scripted).to_have_url(re.compile(r"/cases\?sort=title&size=10$"))
    expect(scripted.get_by_label("Sort by", exact=True)).to_be_focused()
    assert is_same_document(scripted)


def test_removing_a_chip_moves_the_focus_to_the_next_one(scripted: Page) -> None:
    scripted.goto("/cases?arrangement=intelligence-link&challenge=fragile-trust")
    scripted.get_by_role("link", name=re.compile("^Remove: Arrangement")).press("Enter")

    expect(scripted.get_by_role("link", name=re.compile("^Remove: Challenge"))).to_be_focused()


def test_a_value_of_a_long_facet_is_found_without_its_accent(scripted: Page) -> None:
    scripted.goto("/cases")
    scripted.locator("[data-facet=city] > summary").click()
    scripted.get_by_label("Find in City").fill("malmo")

    expect(scripted.get_by_role("checkbox", name=re.compile("Malmö"))).to_be_visible()
    expect(scripted.get_by_role("checkbox", name=re.compile("Aarhus"))).to_be_hidden()
    scripted.get_by_label("Find in City").press("Enter")
    expect(scripted).to_have_url(re.compile(r"/cases$"))


def test_a_new_search_starts_at_the_first_page_and_keeps_the_filters(scripted: Page) -> None:
    scripted.goto("/cases?challenge=fragile-trust&page=2&size=10")
    scripted.get_by_label("Search the cases").fill("school")
    scripted.get_by_role("button", name="Search", exact=True).click()

    expect(scripted).to_have_url(re.compile(r"/cases\?q=school&challenge=fragile-trust&size=10$"))
    expect(heading(scripted)).to_be_focused()


def test_when_the_server_cannot_be_reached_the_browser_says_so_and_not_an_old_result(scripted: Page) -> None:
    scripted.goto("/cases")
    scripted.evaluate("window.marked = true")
    # The script's own request fails; the whole page, which it then asks for, is answered.
    scripted.route(
        "**/cases?*", lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_()
    )
    scripted.get_by_role("checkbox", name=re.compile("Intelligence link")).check()

    expect(heading(scripted)).to_contain_text("Intelligence link")
    assert not is_same_document(scripted)


def test_suggestions_are_chosen_with_arrows_and_followed_with_enter(scripted: Page) -> None:
    scripted.goto("/")
    field = scripted.get_by_role("combobox", name="Search the cases")
    field.press_sequentially("fragile")
    expect(scripted.get_by_role("option", name=re.compile("^Fragile trust"))).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")

    field.press("ArrowDown")
    expect(scripted.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    expect(field).to_be_focused()
    field.press("Escape")
    expect(scripted.get_by_role("option").first).to_be_hidden()
    expect(field).to_have_value("fragile")

    field.press("ArrowDown")
    expect(scripted.get_by_role("option").first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(scripted).to_have_url(re.compile(r"/challenges/fragile-trust$"))


def test_enter_without_a_choice_searches_for_what_was_typed(scripted: Page) -> None:
    scripted.goto("/")
    field = scripted.get_by_role("combobox", name="Search the cases")
    field.press_sequentially("aarh")
    expect(scripted.get_by_role("option").first).to_be_visible()
    field.press("Enter")

    expect(scripted).to_have_url(re.compile(r"/cases\?q=aarh$"))


def test_on_a_phone_the_filters_open_count_and_close(phone: Page) -> None:
    phone.goto("/cases?q=police")
    tick = phone.get_by_role("checkbox", name=re.compile("Intelligence link"))
    expect(tick).to_be_hidden()

    phone.get_by_role("link", name="Filters", exact=True).click()
    tick.check()
    button = phone.get_by_role("button", name=re.compile(r"^Show \d+ cases?$"))
    expect(phone).to_have_url(re.compile(r"arrangement=intelligence-link#filters$"))
    counted = re.sub("^Show ", "", button.inner_text())
    button.click()

    expect(tick).to_be_hidden()
    expect(heading(phone)).to_contain_text(f"{counted}: “police”, Intelligence link")
    expect(phone.get_by_role("link", name="Filters 1 chosen")).to_be_visible()


def test_on_a_phone_the_filters_work_without_a_script(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto("/cases?q=police")
    page.get_by_role("link", name="Filters", exact=True).click()
    page.get_by_role("checkbox", name=re.compile("Intelligence link")).check()
    page.get_by_role("button", name="Show cases").click()

    expect(heading(page)).to_contain_text("“police”, Intelligence link")
    expect(page.get_by_role("checkbox", name=re.compile("Intelligence link"))).to_be_hidden()
    context.close()


def test_cases_are_saved_and_taken_to_the_comparison(page: Page) -> None:
    page.goto("/cases?q=school")
    toggles = page.get_by_role("link", name=re.compile("^Save:"))
    toggles.nth(0).click()
    expect(page.get_by_role("link", name="1 case saved")).to_be_visible()
    toggles.nth(0).click()
    expect(page.get_by_role("link", name="2 cases saved")).to_be_visible()
    assert len(re.findall("shelf=", page.url)) == 2

    page.get_by_label("Dialogue and bridging network").check()
    button = page.get_by_role("button", name="Show cases")
    if button.is_visible():
        button.click()
    expect(heading(page)).to_contain_text("Dialogue and bridging network")
    expect(page.get_by_role("link", name="2 cases saved")).to_be_visible()

    page.locator("#saved-bar").get_by_role("link", name="Compare").click()
    expect(page).to_have_url(re.compile(r"/compare\?case=[a-z-]+&case=[a-z-]+&shelf="))


def test_following_a_suggested_spelling_puts_it_into_the_field(scripted: Page) -> None:
    scripted.goto("/cases?q=strands")
    scripted.get_by_role("link", name=re.compile(r"^stands \(")).click()
    expect(scripted.get_by_label("Search the cases")).to_have_value("stands")
    scripted.get_by_role("checkbox").first.check()

    expect(scripted).to_have_url(re.compile(r"q=stands&arrangement=[a-z-]+$"))
