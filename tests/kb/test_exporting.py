"""A whole result as a table and as lines of JSON."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.exporting.table import BYTE_ORDER_MARK, EXPORT_COLUMNS, csv_lines
from kb.exporting.whole import Export, ExportForm, export
from kb.index.generation import Generation
from kb.search.fields import FACETS
from kb.search.request import Sort
from kb.search.searching import make_request
from tests.builders import build_in, case_markdown

SITE = "https://cases.example.org"
BOTH = "{showed: In silence., handled: They came back.}"
MORE = """extremism: [far-right]
last_reported: {year: 2019, source: s1}
resources: Four posts.
experienced_as: {}
"""


def exported(generation: Generation, form: ExportForm, text: str = "", sort: Sort = Sort.RELEVANCE) -> Export:
    return export(generation, make_request(text, sort=sort, page=3, size=1), form, SITE)


def rows(made: Export) -> list[dict[str, str]]:
    """The table, read as UTF-8 with a byte order mark."""
    text = b"".join(made.pieces).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """More cases than fit on one page."""
    cases = {f"case-{number:03}": case_markdown(title=f"Case {number:03}") for number in range(230)}
    cases["formula"] = case_markdown(
        title="=HYPERLINK(1)",
        summary="-2, “quoted” words",
        city="vienna",
        challenges={"no-real-say": "{showed: Nobody asked.}", "fragile-trust": BOTH},
        extra=MORE,
    )
    return build_in(tmp_path_factory.mktemp("many"), cases)[1]


@pytest.mark.parametrize("form", ExportForm)
def test_all_cases_of_a_result_are_exported_regardless_of_the_page(many: Generation, form: ExportForm) -> None:
    made = exported(many, form, sort=Sort.TITLE)
    lines = b"".join(made.pieces).decode().splitlines()
    slugs = [line.split(",")[0] if form is ExportForm.CSV else json.loads(line)["slug"] for line in lines]

    assert made.total == 231
    assert slugs[-230:] == [f"case-{number:03}" for number in range(230)]
    assert slugs[:-230] == ([f"{BYTE_ORDER_MARK}slug", "formula"] if form is ExportForm.CSV else ["formula"])


def test_an_export_comes_in_pieces(many: Generation) -> None:
    pieces = list(exported(many, ExportForm.CSV).pieces)

    assert len(pieces) > 10
    assert max(map(len, pieces)) < 20_000


def test_a_search_is_exported_in_its_order_with_its_notices(many: Generation) -> None:
    made = exported(many, ExportForm.CSV, "hyperlink nonsenseword")

    assert [notice.code for notice in made.notices] == ["unknown-word"]
    assert [row["slug"] for row in rows(made)] == ["formula"]
    assert made.total == 1


def test_an_empty_result_is_a_table_without_rows(many: Generation) -> None:
    assert rows(exported(many, ExportForm.CSV, "nonsenseword")) == []
    assert list(exported(many, ExportForm.NDJSON, "nonsenseword").pieces) == []


def test_a_row_has_labels_and_ids_and_no_formula(many: Generation) -> None:
    (row,) = rows(exported(many, ExportForm.CSV, "hyperlink"))

    assert list(row) == [column.name for column in EXPORT_COLUMNS]
    modified = row.pop("modified")
    assert modified == many.cases.changes["formula"]
    assert row == {
        "slug": "formula",
        "title": "'=HYPERLINK(1)",
        "summary": "'-2, “quoted” words",
        "url": f"{SITE}/cases/formula",
        "arrangements": "Informing and intervening",
        "arrangement_ids": "informing-and-intervening",
        "challenges": "No real say | Fragile trust",
        "challenge_ids": "no-real-say | fragile-trust",
        "cities": "Vienna",
        "city_ids": "vienna",
        "challenges_handled": "Fragile trust",
        "countries": "Austria",
        "continents": "Europe",
        "audiences": "Young people",
        "sectors": "Police | Universities and research",
        "extremism": "Far right",
        "evidence": "Described",
        "status": "Ongoing",
        "decades": "2010s",
        "experienced_as": "",
        "started": "2010",
        "ended": "",
        "last_reported": "2019",
        "how_it_showed": "No real say: Nobody asked. | Fragile trust: In silence.",
        "how_it_was_handled": "Fragile trust: They came back.",
        "lead": "City Police",
        "partners": "University",
        "resources": "Four posts.",
        "evidence_note": "Nobody has looked.",
        "reviewed": "",
        "language": "en",
        "contributors": "Editorial team",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
    }


SIGNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "﹦", "﹫", "⁺", "⁻", "⁼", "₋", "−", "﬩"]
UNSEEN = [
    " ", "\t", "\n", "\r", "\r\n", "\v", "\f", "\x00", "\x1b", "\x7f", "\x85", "\xa0", "\xad", "\u034f", "\u061c",
    "\u115f", "\u180e", "\u200b", "\u200d", "\u200e", "\u202e", "\u2028", "\u2060", "\u2062", "\u2800", "\u3000",
    "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\U000e0020", "\u0301", "  \u200b ",
]  # fmt: skip


@pytest.mark.parametrize("before", ["", *UNSEEN], ids=ascii)
@pytest.mark.parametrize("sign", SIGNS)
def test_no_sign_begins_a_formula_in_any_width_or_behind_anything_unseen(before: str, sign: str) -> None:
    formula = f"{before}{sign}cmd|' /C calc'!A0"
    (read,) = csv.reader(io.StringIO(csv_lines([[formula]]), newline=""), strict=True)

    assert read == [f"'{formula}"]


@pytest.mark.parametrize("before", ["\t", "\n", "\r", "\r\n", "\v", "\f"], ids=ascii)
def test_a_cell_that_begins_with_the_end_of_a_line_is_marked_whatever_follows(before: str) -> None:
    (read,) = csv.reader(io.StringIO(csv_lines([[f"{before}words"]]), newline=""), strict=True)

    assert read == [f"'{before}words"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "words",
        " words",
        "“=1”",
        "2010–2015",
        "– an aside",
        "a=b",
        "(+45) 1",
        "'=1",
        "Århus",
        "東京",
        "#1",
        "½",
    ],
)
def test_other_cells_stay_as_they_are(text: str) -> None:
    (read,) = csv.reader(io.StringIO(csv_lines([[text, "x"]]), newline=""), strict=True)

    assert read == [text, "x"]


@given(st.lists(st.text() | st.text(alphabet="=+-@\t\r\n\",' a＝－\u200b\u00a0"), min_size=1))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_text_survives_the_table_and_none_begins_like_a_formula(texts: list[str]) -> None:
    (read,) = csv.reader(io.StringIO(csv_lines([texts]), newline=""), strict=True)

    assert [cell.removeprefix("'") for cell in read] == [text.removeprefix("'") for text in texts]
    assert not [cell for cell in read if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    assert not [cell for cell in read if cell.strip().startswith(("=", "+", "-", "@", "＝", "－"))]


def test_a_case_is_complete_in_json(tmp_path: Path) -> None:
    experienced = 'experienced_as: {intelligence-link: "They felt watched."}'
    text = case_markdown(challenges={"fragile-trust": BOTH}, extra=MORE.replace("experienced_as: {}", experienced))
    text = text.replace("year: 2020", "year: 2020, lang: da")
    _, generation = build_in(tmp_path, {"a-door": text})
    (line,) = b"".join(exported(generation, ExportForm.NDJSON).pieces).splitlines()
    case = json.loads(line)

    assert case["experienced_as"] == [
        {"id": "intelligence-link", "label": "Intelligence link", "why": "They felt watched."}
    ]
    assert case["challenges"] == [
        {"id": "fragile-trust", "label": "Fragile trust", "showed": "In silence.", "handled": "They came back."}
    ]
    assert case["extremism"] == [{"id": "far-right", "label": "Far right"}]
    assert case["lead"] == [{"name": "City Police", "sector": {"id": "police", "label": "Police"}}]
    assert [(count["sector"]["label"], count["count"]) for count in case["at_the_table"]] == [
        ("Police", 1), ("Universities and research", 1),
    ]  # fmt: skip
    assert case["last_reported"] == {"year": 2019, "source": "s1"}
    assert case["resources"] == "Four posts."
    assert case["sources"][0]["lang"] == "da"
    assert list(case["facets"]) == [facet.name for facet in FACETS]
    assert (case["facets"]["continent"], case["facets"]["handled"]) == (["europe"], ["fragile-trust"])
    assert case["cities"] == [{"id": "aarhus", "label": "Aarhus"}]
    assert [section["heading"] for section in case["sections"]][:2] == ["Context", "What they do"]
    assert case["sources"][0]["url"] == "https://example.org/report"
    assert case["review"] == {"state": "unreviewed", "date": None, "by": None}
    assert case["url"] == f"{SITE}/cases/a-door"
