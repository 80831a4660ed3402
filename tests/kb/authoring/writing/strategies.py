"""Values as people, and attackers, may type them."""

from __future__ import annotations

from hypothesis import strategies as st

from kb.authoring.writing.values import CaseValues, SourceValues
from kb.model.case import CASE_SECTIONS

SAMPLES = (
    "", " ", "null", "~", "yes", "- a", "a: b", "a #b", "[x", "{y}", '"', "'", "\\", "\\n", "&a", "*b", "!c",
    "%d", "@e", "`f`", "---", "...", "| x", "> y", "? z", "key: value\n---\n", "2015", "03", "1e3", "#1",
    "<script>alert(1)</script>", "{{ page }}", "{% x %}", "👩‍🚒 🇩🇰", "עברית", "\u202edirection",
    "zero\u200bwidth", "a\u00a0b", "\u3000x", "\x00\x07", "\u2028", "publication: published",
    "{publication: published}", "published: false", "draft", "a\r\nb", "\ttab", "a" * 1500, "é" * 400, "s1",
    "[@s1]", "- name: x", ",", ", ,", "Police (local, federal)", "“curly”", "\ufeff", "\ud7ff", "\ufffe",
)  # fmt: skip

BOXES = (
    "## What helped", "# Title", "What helped", "**What was hard**", "What helped:\n\nx", "Text\n---",
    "Text\n===", "---", "```", "~~~~\n## Context", "- ```\n", "> ## quoted", "- ## item",
    "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x", "=======", "<!-- open", "<!-- allow harm-name: a city -->",
    "[@s1]: https://example.org", "[x]: y", "    code", "\tcode", "1) one\n2) two", "* a\n  * b\n",
    "| a | b |\n|---|---|\n| c | d |", "\\# literal", "#", "##", "## ", "##\tx", "   ## x", "> a\n---",
    "- a\n---", "<div>\n\n## x", "a  \nb", "\n\n\n", "Context\n-------", "&amp; &#35;# x", "* * *", "***\n---",
    "`" * 40, "[" * 60, "> " * 40 + "x", "- " * 30 + "x", "\u00a0## x", "\u00a0\u00a0\u00a0\u00a0x",
    "\ufeff## x", "## Lessons for another city\n\nx", "4. What helped", "### What helped", "######", "+++\n",
    "===", "a\n\n===\nb",
)  # fmt: skip

texts = st.one_of(st.sampled_from(SAMPLES), st.text(max_size=30), st.text("ab :#-[]{}\"'\\,&*!|>%@`?\n", max_size=30))
boxes = st.one_of(
    st.lists(st.one_of(st.sampled_from(BOXES), st.sampled_from(SAMPLES), texts), max_size=4).map("\n".join),
    st.text("#-=`~<> \nab.[]@s1*_|", max_size=60),
)
lists = st.lists(texts, max_size=3).map(tuple)
pairs = st.lists(st.tuples(texts, texts), max_size=3).map(tuple)

values = st.builds(
    CaseValues,
    title=texts,
    summary=texts,
    city=lists,
    started=texts,
    ended=texts,
    status=texts,
    arrangements=pairs,
    challenges=st.lists(st.tuples(texts, texts, texts), max_size=3).map(tuple),
    extremism=lists,
    audiences=lists,
    lead=pairs,
    partners=pairs,
    reported_year=texts,
    reported_source=texts,
    resources=texts,
    questions=lists,
    experienced_as=pairs,
    level=texts,
    note=texts,
    language=texts,
    contributors=lists,
    sources=st.lists(st.builds(SourceValues, texts, texts, texts, texts, texts, texts), max_size=3).map(tuple),
    sections=st.dictionaries(st.sampled_from(CASE_SECTIONS), boxes, max_size=7).map(lambda d: tuple(d.items())),
)
