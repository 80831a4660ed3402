"""Make `kb/search/words/data/inflections.txt` anew from the dictionary in the package lemminflect.

In one line:
`pip download --no-deps lemminflect==0.2.3 && python -m tests.tools.make_inflections lemminflect-*.whl`.

What the rules of `kb.search.words.inflections` get right is left out, so that the file is short enough to be read.
Beside it `tests/kb/search/words/headwords.txt` is written: the inflected forms that are also words of their own.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kb.search.words.english import english_words, frequencies
from kb.search.words.inflections import by_rule

ROOT = Path(__file__).parents[2]
FILE = ROOT / "kb/search/words/data/inflections.txt"
HEADWORDS = ROOT / "tests/kb/search/words/headwords.txt"
TABLE = "lemminflect/resources/lemma_lu.csv.gz"

Dictionary = Mapping[str, set[str]]
"""For each form the words that it can be a form of."""

# Where both spellings are words, "our" is the British one of "or". These are other words.
NOT_OUR = re.compile(r"course|fourth|pour|mourn|bour(?:ne|don|ges)|scour|flour")
OTHER_SPELLINGS = {
    "centre": "center centered centering", "theatre": "theater", "metre": "meter", "kilometre": "kilometer",
    "litre": "liter", "fibre": "fiber", "spectre": "specter", "calibre": "caliber", "sombre": "somber",
    "meagre": "meager", "manoeuvre": "maneuver", "lustre": "luster", "defence": "defense", "offence": "offense",
    "pretence": "pretense", "licence": "license", "practice": "practise", "counsellor": "counselor",
    "traveller": "traveler", "councillor": "councilor", "jewellery": "jewelry", "jeweller": "jeweler",
    "marvellous": "marvelous", "skilful": "skillful", "wilful": "willful", "fulfil": "fulfill",
    "fulfilment": "fulfillment", "enrol": "enroll", "enrolment": "enrollment", "instil": "instill",
    "install": "instal", "instalment": "installment", "distil": "distill", "programme": "program",
    "judgement": "judgment", "acknowledgement": "acknowledgment", "ageing": "aging", "grey": "gray",
    "sceptic": "skeptic", "sceptical": "skeptical", "scepticism": "skepticism", "catalogue": "catalog",
    "dialogue": "dialog", "analogue": "analog", "plough": "plow", "mould": "mold", "moustache": "mustache",
    "artefact": "artifact", "adviser": "advisor", "pyjamas": "pajamas",
    "analyse": "analyze", "paralyse": "paralyze", "catalyse": "catalyze",
    "archaeology": "archeology", "paediatric": "pediatric", "anaesthetic": "anesthetic", "aesthetic": "esthetic",
    "encyclopaedia": "encyclopedia", "orthopaedic": "orthopedic", "paedophile": "pedophile",
    "gynaecology": "gynecology", "haemorrhage": "hemorrhage", "leukaemia": "leukemia", "foetus": "fetus",
    "diarrhoea": "diarrhea", "anaemia": "anemia", "oestrogen": "estrogen", "okay": "ok", "learn": "learnt",
    "burn": "burnt", "dream": "dreamt", "spell": "spelt", "spoil": "spoilt", "lean": "leant", "leap": "leapt",
}  # fmt: skip


def main(wheel: Path) -> None:
    """Write the file."""
    dictionary = read_dictionary(wheel)
    known = {word for word in {*dictionary, *english_words()} if word.isalpha()}
    becoming: dict[str, list[str]] = defaultdict(list)
    for word, base in sorted(_without_circles(dict(_steps(known, dictionary))).items()):
        if by_rule(word) != base:
            becoming[base].append(word)
    FILE.write_text("".join(f"{line}\n" for base in sorted(becoming) for line in _lines(base, becoming[base])), "ascii")
    headwords = sorted(word for word, words in dictionary.items() if word in words and len(words) > 1)
    HEADWORDS.write_text("".join(f"{word}\n" for word in headwords), "ascii")


def _lines(base: str, forms: list[str]) -> Iterator[str]:
    """A word that stays as it is has a line of its own."""
    if base in forms:
        yield base
    if others := [form for form in forms if form != base]:
        yield " ".join([base, *others])


def read_dictionary(wheel: Path) -> Dictionary:
    """The forms in the table of lemminflect."""
    found: dict[str, set[str]] = defaultdict(set)
    with zipfile.ZipFile(wheel) as package, package.open(TABLE) as packed, gzip.open(packed) as table:
        for form, _, words in csv.reader(io.TextIOWrapper(table, "utf-8")):
            if form.isascii() and form.isalpha():
                found[form.lower()] |= {w.lower() for w in words.split("/") if w.isascii() and w.isalpha()}
    return {form: words for form, words in found.items() if words}


def _steps(known: set[str], dictionary: Dictionary) -> Iterator[tuple[str, str]]:
    """For each known word what it becomes when one inflection, or another spelling, is taken off."""
    spellings = {other: usual for usual, others in OTHER_SPELLINGS.items() for other in others.split()}
    frequency = frequencies()
    for word in known:
        usual = spellings.get(word) or british(word, known)
        others = dictionary.get(word, set()) - {word}
        if usual:
            yield word, usual
        elif word in OTHER_SPELLINGS:
            yield word, word
        elif re.search(r"...isation$", word):
            yield word, by_rule(word)
        elif others:
            # Of several the most frequent one: "developed" is a form of "develop", not of "develope".
            yield word, max(sorted(others), key=lambda other: frequency.get(other, 0))
        elif word in dictionary:
            yield word, word
        else:
            yield word, regular(word, known) or word


def _without_circles(steps: dict[str, str]) -> dict[str, str]:
    """Of two words that are listed as forms of each other, the more frequent one stays as it is."""
    rank = {word: (times, word) for word, times in frequencies().items()}
    circles = [word for word, base in steps.items() if base != word and steps.get(base) == word]
    return steps | {
        word: word for word in circles if rank.get(word, (0, word)) > rank.get(steps[word], (0, steps[word]))
    }


def british(word: str, known: set[str]) -> str | None:
    """The spelling that is British only, where both are words."""
    ise = re.sub(r"(?<=...)iz(?=(?:e|ed|er|ers|es|ing|able|ation|ations|ational)$)", "is", word)
    if ise != word:
        return ise
    for place in re.finditer("or", word):
        our = f"{word[: place.start()]}our{word[place.end() :]}"
        if our in known and len(our) > 5 and not NOT_OUR.search(our):
            return our
    return None


def regular(word: str, known: set[str]) -> str | None:
    """The word that a word without an entry is a regular form of, if that is a word too."""
    if re.search(r"...is(?:ed|es|ing)$", word):
        return by_rule(word)
    return next((base for base in _candidates(word) if base in known and len(base) > 2), None)


def _candidates(word: str) -> Iterable[str]:
    if word.endswith("ies"):
        return (word[:-3] + "y", word[:-1])
    if re.search("(?:s|x|z|ch|sh|o)es$", word):
        return (word[:-1], word[:-2])
    if word.endswith("ied"):
        return (word[:-3] + "y",)
    if word.endswith("s"):
        return () if re.search("(?:ss|us|is)$", word) else (word[:-1],)
    for ending in ("ed", "ing"):
        rest = word.removesuffix(ending)
        if rest != word and re.search("[aeiouy]", rest):
            doubled = len(rest) > 3 and rest[-1] == rest[-2]
            if doubled:
                return (rest, rest[:-1]) if rest[-1] in "lsz" else (rest[:-1], rest)
            return (rest + "e", rest)
    return ()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
