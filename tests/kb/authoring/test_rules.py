"""Every rule for authors: a file that breaks it, and where exactly the problem is reported (at the mark ▶)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from kb.authoring.checks.corpus import check_corpus
from kb.authoring.content_folder import load_corpus
from kb.authoring.problems import Problem
from kb.authoring.rules import RULES, Where
from kb.errors import ContentError
from kb.model.case import CASE_SECTIONS
from tests.builders import VOCABULARY_FILES, case_markdown, write_content

MARK = "▶"
REPEATED = "This sentence is long enough to say nothing about either of the two cases."


@dataclass(frozen=True)
class Example:
    """Files that break a rule; the place of the problem is marked, or else it is the start of the only file."""

    rule: str
    files: Mapping[str, str | bytes]

    def expected(self) -> str:
        for path, content in self.files.items():
            data = content.encode() if isinstance(content, str) else content
            before, mark, _ = data.partition(MARK.encode())
            if mark:
                lines = before.decode().split("\n")
                return f"{path}:{len(lines)}:{len(lines[-1]) + 1}"
        (path,) = self.files
        return f"{path}:1:1"


def case(old: str, new: str, text: str = "") -> dict[str, str | bytes]:
    """A good case file with one change."""
    text = text or case_markdown()
    assert text.count(old) == 1, old
    return {"cases/a-case.md": text.replace(old, new)}


def vocabulary(name: str, old: str, new: str) -> dict[str, str | bytes]:
    """A good vocabulary file with one change."""
    text = VOCABULARY_FILES[name]
    assert text.count(old) == 1, old
    return {f"vocabularies/{name}.yaml": text.replace(old, new)}


def body(what_helped: str) -> dict[str, str | bytes]:
    """A good case file with this text under `What helped`."""
    return {"cases/a-case.md": case_markdown(body={"What helped": what_helped})}


EXAMPLES = [
    # The file as a whole
    Example("file-name", {"cases/A Case.md": case_markdown()}),
    Example("file-too-large", {"cases/a-case.md": "x" * 500_001}),
    Example("file-unreadable", {"cases/a-folder.md": b"/"}),
    Example("not-utf-8", {"cases/a-case.md": case_markdown(title="Århus▶#").encode().replace(b"#", b"\xe5")}),
    Example("not-utf-8", case("A report", "A ▶\x0breport")),
    Example("not-utf-8", case("A report", "A ▶\u2028report")),
    # Front matter
    Example("no-front-matter", {"cases/a-case.md": "# A title\n\nText.\n"}),
    Example("no-front-matter", {"cases/a-case.md": "---\ntitle: A title\n▶"}),
    Example("yaml-syntax", case('"Police and town hall share one door."', "Two▶: police and town hall")),
    Example("yaml-syntax", case("city: [aarhus]", "city:\n\n  - aarhus\n ▶- vienna")),
    Example("yaml-syntax", case("[aarhus]", "▶&where [aarhus]")),
    Example("yaml-syntax", case("[aarhus]", "▶*where")),
    Example("yaml-syntax", case('"A door for concerns"', "▶!important A door")),
    Example("yaml-syntax", case('"A door for concerns"', r'▶"A\0door"')),
    Example("yaml-syntax", case("[aarhus]", "[[[[[[[[▶[aarhus]]]]]]]]]")),
    Example("duplicate-key", case("status: ongoing", "status: ongoing\n▶status: ended")),
    Example("duplicate-key", case("[aarhus]", "[aarhus, ▶aarhus]")),
    Example("duplicate-key", case("{level: described,", "{level: described, ▶level: self-reported,")),
    Example("unknown-key", case("status: ongoing", "status: ongoing\n▶colour: red")),
    Example("unknown-key", case("year: 2020,", "year: 2020, ▶pages: 12,")),
    Example("missing-key", case('title: "A door for concerns"\n', MARK)),
    Example("missing-key", case("[aarhus]", "▶[]")),
    Example("missing-key", case('summary: "Police and town hall share one door."', "▶summary:")),
    Example("missing-key", case('{"City Police": police}', '▶["", ~]')),
    Example("missing-key", case('{"City Police": police}', "{▶City Police: }")),
    Example("missing-key", case('fragile-trust: {showed: "How fragile-trust showed."}', "▶fragile-trust:")),
    Example("missing-key", case('informing: "Why it is informing."', "▶informing:",
                                case_markdown().replace("informing-and-intervening", "informing"))),
    Example("missing-key", case('{title: "A report", ', "▶{")),
    Example("wrong-type", case("[aarhus]", "▶aarhus")),
    Example("wrong-type", case("[aarhus]", "[▶{name: aarhus}]")),
    Example("wrong-type", case('"A door for concerns"', "▶[A door]")),
    Example("wrong-type", case("{state: unreviewed}", "▶unreviewed")),
    Example("wrong-type", case("s1: {", "▶general: {")),
    Example("wrong-type", case("[aarhus]\n", "[aarhus]\n", case_markdown().replace("  s1: {", "  ▶s0: text\n  s1: {"))),
    Example("too-long", case('"A door for concerns"', f'▶"{"long " * 25}"')),
    Example("unknown-term", case("[aarhus]", "[aarhus, ▶arhus]")),
    Example("unknown-term", case("publication: published", "publication: ▶public")),
    Example("unknown-term", case("fragile-trust: {", "▶trust: {")),
    Example("unknown-term", case("status: ongoing", "status: ▶over")),
    Example("unknown-term", case("aliases: []", "aliases: []\nextremism: [▶far-away]")),
    Example("bad-year", case("started: 2010", "started: ▶about 2010")),
    Example("bad-year", case("ended:", "ended: ▶2009", case_markdown(status="ended"))),
    Example("bad-year", case("year: 2020", "year: ▶20200")),
    Example("last-reported", case("aliases: []", "aliases: []\nlast_reported: {source: s1, year: ▶2021}")),
    Example("old-form", case('{showed: "How fragile-trust showed."}', '▶"How it showed."')),
    Example("old-form", case('{"University": research}', "▶[University]")),
    Example("bad-date", case("{state: unreviewed}", "{state: reviewed, by: A mayor, date: ▶31 March}")),
    Example("bad-date", case("{state: unreviewed}", "{state: reviewed, by: A mayor, date: ▶2026-02-30}")),
    Example("status-and-end", case("status: ongoing", "status: ▶ongoing", case_markdown(ended=2012))),
    Example("review-incomplete", case("{state: unreviewed}", "▶{state: reviewed, by: A mayor}")),
    Example("same-experience", case("aliases: []", "aliases: []\nexperienced_as: ▶{informing-and-intervening: So.}")),
    Example("not-a-question", case("aliases: []", "aliases: []\nquestions: [Who decides?, ▶Nobody knows]")),
    Example("bad-alias", case("aliases: []", "aliases: ▶[An Alias]")),
    Example("bad-alias", case("aliases: []", "aliases: ▶[a-case]")),
    Example("bad-url", case('"https://example.org/report"', '▶"example.org/report"')),
    Example("bad-url", case('"https://example.org/report"', "▶javascript:alert(1)")),
    Example("bad-language", case("year: 2020,", "year: 2020, lang: ▶Danish,")),
    # The text
    Example("unknown-section", case("## What helped", "▶## What helped us")),
    Example("unknown-section", case("## What helped", "▶# What helped")),
    Example("unknown-section", case("## What helped", "▶##What helped")),
    Example("unknown-section", body("- Coffee helped [@s1].\n▶  ## Tea")),
    Example("unknown-section", case("## What helped", "▶##\n\n## What helped")),
    Example("duplicate-section", case("## What was hard", "▶## What helped")),
    Example("section-order", case("## Context", "## What helped\n\nTea [@s1].\n\n▶## Context",
                                  case_markdown().replace("## What helped\n\n- Coffee helped [@s1].\n", ""))),
    Example("empty-section", case("## What helped\n\n- Coffee helped [@s1].", "▶## What helped")),
    Example("missing-section", case("## Lessons", "▶## Lessons",
                                    case_markdown().replace("## Context\n\nIt began in a quiet quarter [@s1].\n", ""))),
    Example("text-before-section", case("\n## Context", "\n▶Text [@s1].\n\n## Context")),
    Example("raw-html", body("- It ▶<b>helped</b> [@s1].")),
    Example("unsafe-link", body("- [This](▶ftp://example.org) helped [@s1].")),
    Example("unsafe-link", body("- [This](▶//example.org/a.md) helped [@s1].")),
    Example("unsafe-link", body("- [This](▶../LICENSE.md) helped [@s1].")),
    Example("unsafe-link", body("- [This] helped [@s1].\n\n[This]: ▶javascript:alert(1)")),
    Example("image", body("- ▶![A face](https://example.org/face.jpg) [@s1].")),
    Example("nested-too-deeply", case("## What helped\n\n", f"## What helped\n\n▶{'- ' * 1000}")),
    Example("unknown-source", body("- Coffee ▶[@s9] helped [@s1].")),
    Example("unknown-source", body("- Coffee helped [@s1],\n  and tea ▶[@s1;\n  @s9].")),
    Example("unknown-source", body("- Coffee ▶[@general] helped [@s1].")),
    Example("bad-citation", body("- Coffee ▶[@ s1] helped [@s1].")),
    Example("bad-citation", body("- Coffee\n\thelped ▶[see @s1].")),
    Example("bad-citation", body("- Coffee helped ▶\\[@s1\\].")),
    Example("bad-citation", body("- Coffee ▶[helped [@s1]](https://example.org).")),
    Example("too-many-marks", body(f"- Coffee helped [@s1].\n\n▶{'[' * 60_000}")),
    Example("uncited-source", case("  s1: {", "  ▶s2: {title: Another, by: Someone}\n  s1: {")),
    Example("uncited-statement", body("- Coffee helped [@s1].\n▶- Tea helped.")),
    # What may harm somebody
    Example("harm-email", body("Write to ▶desk@example.org [@s1].")),
    Example("harm-phone", body("Call ▶+45 87 13 31 00 [@s1].")),
    Example("harm-address", body("They meet at ▶14 Linden Street [@s1].")),
    Example("harm-birth-date", body("He was ▶born on 3 May 1990 [@s1].")),
    Example("harm-small-number", body("▶The only pupil who left came back [@s1].")),
    Example("harm-name", body("Then ▶Mr Jansen spoke [@s1].")),
    Example("harm-operation", body("The ▶door code is 4821 [@s1].")),
    # The collection
    Example("dead-link", body("- As [elsewhere](▶no-such-case.md) [@s1].")),
    Example("dead-link", body("- As [elsewhere] [@s1].\n\n[elsewhere]: ▶../challenges/nothing.md#pitfalls")),
    Example("alias-taken", {
        "cases/a-case.md": case_markdown().replace("aliases: []", "▶aliases: [b-case]"),
        "cases/b-case.md": case_markdown(),
    }),
    Example("alias-taken", {
        "cases/a-case.md": case_markdown(aliases=["old"]),
        "cases/b-case.md": case_markdown().replace("aliases: []", "▶aliases: [old]"),
    }),
    Example("repeated-sentence", {
        "cases/a-case.md": case_markdown(body={"Context": f"{REPEATED} [@s1]"}),
        "cases/b-case.md": case_markdown(body={"Context": f"\n\n▶{REPEATED} [@s1]"}),
    }),
    Example("missing-page", {"challenges/no-real-say.md": ""}),
    # Vocabularies
    Example("file-name", vocabulary("challenges", "no-real-say:", "▶No real say:")),
    Example("wrong-type", vocabulary("synonyms", "[CVE, P/CVE]", "▶CVE")),
    Example("missing-key", vocabulary("cities", "{label: Aarhus, ", "▶{")),
    Example("unknown-term", vocabulary("cities", "country: austria", "country: ▶austrialia")),
    Example("duplicate-alias", vocabulary("challenges", "aliases: []", "aliases: [▶Mistrust]")),
    Example("duplicate-alias", vocabulary("synonyms", "[CVE, P/CVE]", "[CVE, P/CVE]\n        - [PVE, ▶cve]")),
    Example("no-answer", vocabulary("questions", "yes: {label: We must, fits: [yes]}\n            no", "▶no")),
    Example("bad-coordinates", vocabulary("cities", "latitude: 48.21", "latitude: ▶148.21")),
    Example("bad-coordinates", vocabulary("cities", "longitude: 5.57", "longitude: ▶nan")),
    # What became of the page of a file with errors
    Example("page-offline", case("publication: published", "publication: published\n▶draft: true")),
    Example("page-last-good", case("status: ongoing", "status: gone", case_markdown().replace("publ", "▶publ", 1))),
]  # fmt: skip


def problems_with(root: Path, files: Mapping[str, str | bytes]) -> tuple[Problem, ...]:
    """All problems of a good content folder into which these files are put."""
    folder = write_content(root)
    for path, content in files.items():
        full = root / path
        data = content.encode() if isinstance(content, str) else content
        if data == b"/":
            full.mkdir(parents=True)
        elif data:
            full.parent.mkdir(exist_ok=True)
            full.write_bytes(data.replace(MARK.encode(), b""))
    try:
        return check_corpus(load_corpus(folder))
    except ContentError as error:
        return error.problems


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Example, tuple[Problem, ...]]]:
    """Every example with the problems that it causes."""
    return [(example, problems_with(tmp_path_factory.mktemp("content"), example.files)) for example in EXAMPLES]


@pytest.mark.parametrize(
    "number", range(len(EXAMPLES)), ids=[f"{example.rule} at {example.expected()}" for example in EXAMPLES]
)
def test_a_broken_rule_is_reported_where_it_is_broken(
    number: int, found: list[tuple[Example, tuple[Problem, ...]]]
) -> None:
    example, problems = found[number]

    places = [f"{problem.path}:{problem.line}:{problem.column}" for problem in problems if problem.rule == example.rule]
    assert example.expected() in places


def test_every_rule_has_an_example() -> None:
    in_manual = {name for name, rule in RULES.items() if rule.where is not Where.WORDS}

    assert {example.rule for example in EXAMPLES} | in_manual == set(RULES)


# The examples of the manual

OTHER_CASE = case_markdown(
    title="A second door",
    body={"What helped": "- Police and town hall have met every Monday since the very beginning [@s1]."},
)
"""The case beside the one that an example is about."""


def files_of(example: str, where: Where) -> dict[str, str | bytes]:
    """The files in which an example of the manual is put to the test."""
    files: dict[str, str | bytes] = {"cases/a-case.md": case_markdown(), "cases/b-case.md": OTHER_CASE}
    match where:
        case Where.NAME:
            files[f"cases/{example}"] = case_markdown(title="A third door")
        case Where.FILE:
            files["cases/a-case.md"] = example
        case Where.HEAD:
            files["cases/a-case.md"] = with_entries(case_markdown(), example)
        case Where.TEXT if example.startswith("## "):
            others = {
                heading: None for heading in CASE_SECTIONS if f"## {heading}" in example or heading == "What helped"
            }
            head, below = case_markdown(body=others).split("## What was hard")
            files["cases/a-case.md"] = f"{head}{example}\n\n## What was hard{below}"
        case Where.TEXT:
            files["cases/a-case.md"] = case_markdown(body={"What helped": example})
        case Where.WORDS:
            pass
        case _:
            name = where.split("vocabularies/")[1].split(".")[0]
            files[f"vocabularies/{name}.yaml"] = f"{dedent(VOCABULARY_FILES[name])}\n{example}\n"
            if where is Where.CITIES:
                files["cases/a-case.md"] = case_markdown(city=example.split(":")[0])
    return files


def with_entries(text: str, entries: str) -> str:
    """A file in whose front matter these entries replace those with the same keys."""
    head, body = text.removeprefix("---\n").split("\n---\n", 1)
    keys = {line.split(":")[0] for line in entries.split("\n")}
    kept, is_replaced = [], False
    for line in head.split("\n"):
        is_replaced = line.split(":")[0] in keys if not line.startswith(" ") else is_replaced
        kept += [] if is_replaced else [line]
    return "\n".join(["---", *kept, entries, "---", body])


RUNNABLE = [name for name, rule in RULES.items() if rule.where is not Where.WORDS]


@pytest.mark.parametrize("name", RUNNABLE)
def test_the_example_of_the_manual_breaks_the_rule(name: str, tmp_path: Path) -> None:
    rule = RULES[name]

    assert name in {problem.rule for problem in problems_with(tmp_path, files_of(rule.fails, rule.where))}


@pytest.mark.parametrize("name", RUNNABLE)
def test_the_example_put_right_does_not_break_it(name: str, tmp_path: Path) -> None:
    rule = RULES[name]

    found = {problem.rule for problem in problems_with(tmp_path, files_of(rule.passes, rule.where))}

    assert name not in found


def test_a_good_file_breaks_no_rule(tmp_path: Path) -> None:
    found = problems_with(tmp_path, {"cases/a-case.md": case_markdown()})

    assert {problem.rule for problem in found} == {"missing-page"}


def test_a_problem_is_one_line_of_whole_sentences(found: list[tuple[Example, tuple[Problem, ...]]]) -> None:
    for _, problems in found:
        for problem in problems:
            assert problem.message.endswith((".", "…"))
            assert problem.hint.endswith((".", "?", "…")) or not problem.hint
            assert len(str(problem).splitlines()) == 1


def test_the_level_of_a_problem_is_that_of_its_rule(found: list[tuple[Example, tuple[Problem, ...]]]) -> None:
    for _, problems in found:
        for problem in problems:
            assert problem.level is RULES[problem.rule].level


def test_every_rule_is_one_sentence() -> None:
    for rule in RULES.values():
        assert rule.says.endswith(".")
        assert rule.says.count(". ") == 0
