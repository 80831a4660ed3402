"""Names of people in a text: known given names, and words in a position where only a name can be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from kb.search.words.analysis import fold
from kb.search.words.english import english_words

_LIST = "data/given_names.txt"
"""A folded name on each line; `data/ORIGIN.txt` says what it was made from."""

_WORD = r"\b[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]{1,40}"
_CAPITALISED = re.compile(_WORD)
_PARTICLE = r"(?:van|de|den|der|von|el|al|bin|ibn|bint|da|di|del)"
_NAME = rf"{_WORD}(?: (?:{_PARTICLE}|{_WORD}|[A-Z]\.)){{0,4}}"

_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|[Ss]heikh|[Ss]haykh|[Ss]heik|[Ii]mam|[Mm]ullah|[Uu]stadh|[Pp]astor|Father"
    r"|[Rr]abbi|[Rr]everend|Rev|[Bb]ishop|[Ii]nspector|[Cc]onstable|[Ss]ergeant|[Dd]etective|[Ss]uperintendent"
    r"|[Cc]ommander|[Cc]ommissioner|[Cc]aptain|[Cc]olonel|[Aa]gent|[Jj]udge|[Mm]ayor|[Aa]lderman|[Cc]ouncillor"
    r"|[Dd]irector|[Cc]oordinator|[Pp]rincipal|[Hh]eadteacher|[Tt]eacher|[Nn]urse|[Cc]ounsellor|[Mm]entor|[Pp]reacher"
    r"|[Rr]ecruiter|[Cc]aseworker|[Oo]fficer|(?:[Ss]ocial|[Yy]outh|[Cc]ase|[Oo]utreach) [Ww]orker)"
)
_SPEAKS = (
    r"(?:said|says|told|explained|explains|recalled|recalls|remembers|remembered|argued|argues|admitted|complained"
    r"|answered|replied|wrote|who (?:leads|led|runs|ran|founded|works|worked|lives|lived)|leads|coordinates|resigned"
    r"|disagreed|was (?:arrested|convicted|sentenced|recruited|radicalised|radicalized|killed|born)|left for Syria)"
)
_SOMEBODY = (
    r"(?:boy|girl|pupil|student|teenager|child|son|daughter|woman|man|brother|sister|mother|father|widow|convert|imam"
    r"|teacher|member|detainee|prisoner|returnee|refugee|client|officer|worker|preacher|recruiter|person|somebody"
    r"|someone)"
)
_CALLED = rf"(?:{_SOMEBODY},? (?:who (?:is|was) )?(?:named|called|known as)|whose name (?:is|was)|by the name of)"
_KIN = (
    r"(?:[Hh]is|[Hh]er|[Tt]heir) "
    r"(?:son|daughter|brother|sister|mother|father|wife|husband|cousin|nephew|friend)"
)
_WRITTEN_AS_A_NAME = re.compile(
    rf"\b{_TITLE}\.?,? (?P<titled>{_NAME})"
    rf"|(?P<speaker>{_WORD} {_NAME}),? (?:\(?\d{{2}}\)?,? )?{_SPEAKS}\b"
    rf"|\b(?:{_CALLED}|{_KIN}),? (?P<called>{_NAME})"
    rf"|\b(?:by|contributors|reviewer): *[\"'\[]*(?P<by>{_WORD} {_WORD})[\"'\]]*$"
)
_GIVEN = re.compile(rf"(?P<given>{_WORD})(?P<rest>(?: {_PARTICLE}){{0,2}} (?:{_WORD}|[A-Z]\.))?")

_OF_NOBODY = frozenset(
    fold(
        "Institute Initiative Council Watch University College School Ministry Department Foundation Network Police"
        " City Commission Office Government Court Service Services Parliament Senate Church Mosque Temple Group Forum"
        " Centre Center Committee Association Society Union Agency Authority Bureau Board Team Task Force Unit"
        " Programme Program Programs Project Report Reviews Times Post Guardian News Radio Press Journal Review Bank"
        " Trust Fund House Street Road Square Area District Lake River Park Hospital Hotel States Kingdom Nations"
        " Republic North South East West Central New United National International Federal State Royal County Borough"
        " European American African Asian British Dutch French German Danish Somali Muslim Islamic Christian Jewish"
        " Human Rights Community Communities Youth Young Women Women’s Families Family Prevention Safety Security"
        " Editorial Urban Peace Faith Justice Media January February March April May June July August September October"
        " November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday Ramadan Eid Easter Christmas"
        " Winter Summer Spring Autumn Olympics The This That These Those It In On At For From By With After Before"
        " When While Since Its Our We They He She One Two Three No Not And But Or As An If Of To Can Will Among Over"
        " Les Saint Saints San Santa"
    ).split()
)
"""Words that begin with a capital in names of organisations, places and times, and at the start of sentences."""


@cache
def given_names() -> frozenset[str]:
    """Some 19,000 given names of many languages, folded. The list is read when it is first needed, and cached.

    >>> given_names() >= {"amina", "lars", "yusuf"}, "police" in given_names()
    (True, False)
    """
    return frozenset(resources.files(__package__).joinpath(_LIST).read_text("ascii").split())


def personal_names(line: str) -> Iterator[re.Match[str]]:
    """Names of people: words after a title, a role or "called", or before a verb for what people do; and given names,
    of which those that are also English words count only with another name after them.
    """
    for match in _WRITTEN_AS_A_NAME.finditer(line):
        if _is_of_a_person(next(filter(None, match.groupdict().values()), "")):
            yield match
    for match in _GIVEN.finditer(line):
        if _is_given(match["given"], match["rest"] or ""):
            yield match


def _is_of_a_person(name: str) -> bool:
    words = _CAPITALISED.findall(name)
    return bool(words) and not any(map(_is_of_nobody, words)) and not all(map(str.isupper, words))


def _is_given(word: str, rest: str) -> bool:
    name = fold(word)
    if word.isupper() or name not in given_names() or not _is_of_a_person(f"{word}{rest}"):
        return False
    return bool(rest) or name not in english_words()


def _is_of_nobody(word: str) -> bool:
    return fold(word).removesuffix("'s") in _OF_NOBODY
