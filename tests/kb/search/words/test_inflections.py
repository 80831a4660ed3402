"""Which words are forms of one word, and which are strangers."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.words.analysis import base_form, words
from kb.search.words.english import english_words
from kb.search.words.inflections import less_inflected, uninflected

HERE = Path(__file__).parent
CONTENT = Path(__file__).parents[4] / "content"


def lines(name: str) -> list[list[str]]:
    """The words of each line of a list beside this file, without remarks."""
    return [line.split() for line in (HERE / name).read_text("ascii").splitlines() if not line.startswith("#")]


ACCEPTED = {(word, base) for base, *forms in lines("accepted.txt") for word in forms}
HEADWORDS = frozenset(word for line in lines("headwords.txt") for word in line)
"""Inflected forms that the dictionary lists as words of their own, too."""


def is_plainly_a_form(word: str, base: str) -> bool:
    """Whether a word is another one with a regular ending, and nothing else."""
    spelled = re.sub("iz(?=(?:e|ed|es|ing)$)", "is", word)
    endings = "s|es|ed|ing|d" if not base.endswith("y") else "s|ed|ing"
    regular = [f"{base}(?:{endings})", f"{base}{base[-1]}(?:ed|ing)"]
    if base.endswith("e"):
        regular.append(f"{base[:-1]}ing")
    if base.endswith("y"):
        regular.append(f"{base[:-1]}(?:ies|ied)")
    return word not in HEADWORDS and any(re.fullmatch("|".join(regular), form) for form in (word, spelled))


def collection_words() -> set[str]:
    return {word for path in CONTENT.rglob("*.md") for word in words(path.read_text("utf-8"))}


def test_no_words_of_the_collection_match_that_nobody_has_looked_at() -> None:
    joined = {(word, base_form(word)) for word in collection_words() if base_form(word) != word}

    new = {pair for pair in joined if not is_plainly_a_form(*pair)} - ACCEPTED

    assert not new, (
        f"These words match each other now: {sorted(new)}. If they are forms of one word, add them to "
        "tests/kb/search/words/accepted.txt. If they are strangers, add the first of them to "
        "kb/search/words/data/exceptions.txt, on a line of its own, and both to tests/kb/search/words/refused.txt."
    )


def test_what_was_accepted_still_matches() -> None:
    assert [(word, base) for word, base in sorted(ACCEPTED) if base_form(word) != base] == []


def test_what_was_refused_never_matches() -> None:
    strangers = [pair for line in lines("refused.txt") for pair in combinations(line, 2)]

    assert [pair for pair in strangers if base_form(pair[0]) == base_form(pair[1])] == []
    assert len(strangers) > 300


@pytest.mark.parametrize(
    "family",
    [
        "school schools schooled schooling",
        "police polices policed policing",
        "mentor mentors mentored mentoring",
        "organise organises organised organising organize organizes organized organizing",
        "organisation organisations organization organizations",
        "radicalise radicalised radicalising radicalisation radicalize radicalized radicalizing radicalization",
        "polarise polarised polarisation polarize polarization",
        "deradicalise deradicalising deradicalisation deradicalized deradicalization",
        "securitise securitised securitisation securitization",
        "raise raises raised raising",
        "advise advises advised advising",
        "liaise liaised liaising",
        "promise promises promised promising",
        "exercise exercises exercised exercising",
        "analyse analysed analysing analyze analyzed",
        "analysis analyses",
        "crisis crises",
        "family families",
        "child children",
        "woman women",
        "wife wives",
        "lead leads leading led",
        "teach teaches teaching taught",
        "seek seeks seeking sought",
        "build builds building buildings built",
        "meet meets meeting meetings met",
        "travel travels travelled travelling traveled traveling",
        "counsel counselled counselling counseled counseling",
        "plan plans planned planning",
        "refer refers referred referring",
        "die dies died dying",
        "neighbour neighbours neighbor neighbors",
        "neighbourhood neighbourhoods neighborhood neighborhoods",
        "behaviour behaviours behavior behaviors",
        "behavioural behavioral",
        "colour colours coloured color colored",
        "centre centres centred center centers centered",
        "theatre theatres theater theaters",
        "programme programmes program programs",
        "defence defences defense",
        "licence licences license licenses licensed",
        "judgement judgements judgment judgments",
        "counsellor counsellors counselor counselors",
        "young younger youngest",
        "easy easier easiest",
        "ngo ngos",
        "imam imams",
        "jihadi jihadis",
        "salafist salafists",
        "mohalla mohallas",
        "streetworker streetworkers",
    ],
)
def test_forms_of_one_word_match(family: str) -> None:
    assert len({base_form(word) for word in family.split()}) == 1


@pytest.mark.parametrize(
    "strangers",
    [
        "conversion conversation", "general generation generous genre", "import important", "organ organise organic",
        "probation probate probable", "custody custom customs", "informant information informal",
        "minor minority", "author authority", "relation relative relate", "university universal universe",
        "police policy polite", "past paste pasta", "physics physical physician", "commune communism communicate",
        "arm army", "arms army", "news new", "marketing market", "customs customer", "experience experiment expert",
        "ideal idea idol", "military militant militia", "sever several severity", "state station statue status",
        "international internationalise", "execute executive", "factor factory", "objective object objection",
        "operate opera operator", "parish parity", "animal animate", "appreciate appropriate", "capable capital",
        "community communist", "secret secretary secretion", "emerge emergency", "negligible negligent",
        "wander wand", "number numb", "corporate corps corpse", "patron patrol patriot", "mission missile missing",
        "passion passive passage", "prison prisoner", "terror terrorism terrorist", "extreme extremism extremist",
        "radical radicalise radicalism", "islam islamic islamist", "social society socialism", "race racism racist",
        "nation national nationalism", "critic critical criticism", "migrant migration", "hospital hospitality",
        "intern internal", "prefer preference", "confident confidential", "respond responsible", "moral morale",
        "human humane humanity", "public publish publican", "lie lay", "wound wind", "found founding", "ground grind",
        "housing house", "raise raze", "city cite", "trust tryst", "aarhus arhus", "this thesis", "during dure",
        "united unit", "ethics ethical", "politics political politic",
        "general generally", "hate hat", "hoping hop", "planing planning", "caring car", "staring star",
        "bared bar", "filing fill", "rating rat", "sites sits", "ran run", "kinder kind", "hamas hama",
        "willing will", "evening even", "meaning meaningful", "wedding wed", "sing single", "string stringent",
        "premises premise", "means mean", "goods good", "glasses glass", "media medium",
    ],
)  # fmt: skip
def test_strangers_do_not_match(strangers: str) -> None:
    assert len({base_form(word) for word in strangers.split()}) == len(strangers.split())


@pytest.mark.parametrize("word", ["", "s", "is", "ss", "ies", "as", "us", "ing", "ised", "izing", "bus", "60s", "2015"])
def test_short_words_keep_something(word: str) -> None:
    assert (base_form(word) == "") == (word == "")


def test_no_word_of_english_goes_in_circles() -> None:
    for word in english_words():
        steps = [word]
        while (shorter := less_inflected(steps[-1])) != steps[-1]:
            assert shorter not in steps
            steps.append(shorter)


@given(st.one_of(st.text(), st.from_regex(r"[a-z]{1,12}(s|es|ies|ed|ing|ise|ized|ising|isations?)", fullmatch=True)))
def test_a_base_form_is_its_own_base_form(word: str) -> None:
    assert uninflected(uninflected(word)) == uninflected(word)
