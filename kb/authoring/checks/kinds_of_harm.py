"""The kinds of text that may harm somebody, by rule: patterns for one line.

Each kind errs on the side of reporting; the tests list what must be found, and what must not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import phonenumbers

from kb.authoring.checks.names import personal_names

Find = Callable[[str], Iterator[re.Match[str]]]


def _any_of(*patterns: str, ignore_case: bool = True) -> Find:
    found = re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE if ignore_case else 0)
    return found.finditer


_CAPITALS = r"\b[A-ZÀ-ÖØ-ÞĀ-Ž]"
_CAPITAL = rf"{_CAPITALS}[\w'’-]{{1,40}}"

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?:19|20)\d\d"
_TH = r"(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:\d{{1,2}}{_TH}\s+(?:of\s+)?{_MONTH},?\s+\d{{4}}|{_MONTH}\s+\d{{1,2}}{_TH},?\s+\d{{4}}"
    rf"|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|{_YEAR}(?:-\d\d-\d\d)?)"
)
_FEW = r"(?:one|two|three|four|five|2|3|4|5)"
_PERSON = (
    r"(?:boys?|girls?|pupils?|students?|schoolboys?|schoolgirls?|teenagers?|youths?|children|child|sons?|daughters?"
    r"|wom[ae]n|m[ae]n|families|family|brothers?|sisters?|mothers?|fathers?|widows?|wives|wife|couples?|converts?"
    r"|imams?|teachers?|residents?|members?|detainees?|prisoners?|returnees?|refugees?|clients?|patients?|victims?)"
)
_AGE = r"(?:\d{1,2}|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty)"
_TIME = r"(?:\d{1,2}[:.]\d{2}|\d{1,2}\s?(?:am|pm|a\.m\.|p\.m\.|o['’]clock|hrs?|hours)\b)"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"

_DIGITS = re.compile(r"(?<![\w./-])(?:\+|\(\+?)?\d[\d \u00a0().\-–/]{4,20}\d(?![\w-])")
_RINGS = re.compile(
    r"\b(?:tel|phone|telephone|call|called|dial|ring|mobile|cell|whatsapp|signal|hotline|helpline|text|sms|fax|reach"
    r"|number is)\b"
    r"[^;]{0,25}$",
    re.IGNORECASE,
)
_FEWEST_DIGITS = 6
_NEAR = 40
"""Characters before a number that are searched for words such as “call”."""
_REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


def _telephone_numbers(line: str) -> Iterator[re.Match[str]]:
    """Numbers that may be dialled from abroad or, with a leading zero, in some country; after `call`, any number."""
    for match in _DIGITS.finditer(line):
        digits = re.sub(r"\D", "", match.group())
        before = line[max(0, match.start() - _NEAR) : match.start()]
        rings = len(digits) >= _FEWEST_DIGITS and _RINGS.search(before)
        if rings or (len(digits) > _FEWEST_DIGITS and _is_dialled(match.group(), digits)):
            yield match


def _is_dialled(written: str, digits: str) -> bool:
    if written.lstrip("(").startswith("+") or digits.startswith("00"):
        return any(phonenumbers.PhoneNumberMatcher(f"+{digits.removeprefix('00')}", None))
    return digits.startswith("0") and any(_is_valid(digits, region) for region in _REGIONS)


def _is_valid(digits: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, region))
    except phonenumbers.NumberParseException:
        return False


KINDS: Mapping[str, Find] = {
    "harm-email": _any_of(
        r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}",
        r"(?<![\w.+-])[\w.+-]{1,64} ?[\[(](?:at|@)[\])] ?[\w-]{1,64}"
        r"(?: ?(?:[\[(](?:dot|\.)[\])]|\.) ?[\w-]{1,64}){1,5}",
        r"\b[\w-]{1,64}(?: dot [\w-]{1,64})? at [\w-]{1,64} dot [a-z]{2,6}\b",
    ),
    "harm-phone": _telephone_numbers,
    "harm-address": _any_of(
        rf"\b\d{{1,4}}[A-Za-z]?,? (?:{_CAPITAL} ){{1,4}}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Close|Court|Square"
        r"|Boulevard|Blvd|Terrace|Place|Crescent|Gardens|Row|Mews|Hill)\b",
        rf"{_CAPITALS}[\w'’-]{{0,40}}(?:straat|weg|laan|plein|gracht|kade|stra(?:ß|ss)e|gasse|platz|allee|vej|gade|gata|gatan"
        r"|vägen|veien|katu|utca)[ ](?!(?:18|19|20)\d\d\b)\d{1,4}[A-Za-z]?\b",
        rf"\b(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Qq]uai|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Cc]alle|[Aa]venida|[Pp]laza"
        rf"|[Rr]ua|[Jj]alan|Jl\.|[Uu]lica|ul\.) (?:(?:de|du|des|della|di|del|la|le|les|da|do) )*(?:{_CAPITAL} ?){{1,4}}"
        r",? (?:n(?:o|°|r)?\.? ?)?(?!(?:18|19|20)\d\d\b)\d{1,4}\b",
        r"\b\d{1,4}(?: bis)?,? (?:rue|avenue|boulevard|place|quai|allée|chemin) (?:de |du |des |la |l['’])*[A-ZÀ-Þ]\w+",
        r"\b(?:[Ff]lat|[Aa]partment|[Aa]pt\.?|[Hh]ouse number|[Rr]oom) \d{1,4}[A-Za-z]?\b",
        r"\b(?:House|Block|Plot|Building|Unit) (?:[Nn]o\.? ?)?\d{1,4}[A-Za-z]?,",
        r"\b[Nn]umber \d{1,4}[a-z]? (?:in|on) (?:the )?[A-Z]",
        r"\bP\.? ?O\.? [Bb]ox \d+",
        r"\b(?:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|\d{4} ?(?!EU|UN|UK|US)[A-Z]{2} [A-Z][a-z]+)\b",
        ignore_case=False,
    ),
    "harm-birth-date": _any_of(
        rf"\b(?:born|birth ?day|date of birth|birth ?date|d\.?o\.?b\.?|geboren|née?|nacid[oa]|nat[oa])\b"
        rf"[^.\d]{{0,25}}{_DATE}",
        r"\(b\. ?\d{4}\)|(?<![\w*])\*(?:19|20)\d\d\b(?!\*)|\bbirthday\b[^.]{0,15}\d",
        rf"\bborn\b[^.\d]{{0,15}}\b{_MONTH}",
    ),
    "harm-small-number": _any_of(
        rf"\b(?:one|two|three|four) of (?:the |only |its )?(?:two|three|four|five|[2-5]) (?:[\w-]+ ){{0,3}}{_PERSON}\b",
        rf"\bonly (?:one|two|three) (?:[\w-]+ ){{0,2}}{_PERSON}\b",
        rf"\b{_PERSON},? (?:aged )?\d{{1,2}} and \d{{1,2}}\b(?=[ ,.]* ?(?:who|left|were|had|from|[.,)]|$))",
        r"\b(?:mother|father|man|woman|boy|girl) (?:of \w+ )?from [A-Za-z]+ whose\b",
        rf"\bthe only (?:\w+[ -]){{0,3}}{_PERSON}\b",
        rf"\b{_AGE}[- ]year[- ]old\b(?! (?:project|programme|program|plan|strategy|tradition|conflict|law))",
        rf"\b{_PERSON} (?:aged|of) {_AGE}\b(?! (?:to|and|or|years?)\b|[-–]\d)",
        rf"\b{_FEW} (?:of the |of its |of their |named )?(?:\w+[ -]){{0,2}}{_PERSON} (?:at|from) (?:the|a|one|this) "
        r"(?:\w+[ -]){0,2}(?:school|class|street|estate|building|mosque|block|club|village|family|household|wing)\b",
        r"\bone (?:\w+[ -]){0,2}(?:family|pupil|boy|girl) (?:in|at|from) (?:the|a|this) "
        r"(?:\w+[ -]){0,2}(?:street|village|school|class|estate|block)\b",
    ),
    "harm-name": personal_names,
    "harm-operation": _any_of(
        r"\b(?:plain[- ]?clothes|undercover|covert|observation|surveillance (?:team|van|post|officers?))\b[^.]{0,60}"
        r"\b(?:sits?|stands?|opposite|row|parked|attends?|hides?)\b",
        r"\b(?:informants?|informers?)\b[^.]{0,30}\b(?:in|at|inside|among) (?:the|a) (?:\w+ )?(?:club|mosque|school"
        r"|group|family|class|centre|cell|board|gym)\b",
        r"\bhandler\b[^.]{0,40}\b(?:on|at|in)\b",
        r"\bplate\b[^.]{0,15}\b(?=[A-Z0-9 -]*\d)[A-Z0-9]{1,4}(?:[- ][A-Z0-9]{1,4}){1,2}\b",
        r"\b(?:cameras?|alarms?|locks?|gates?|doors?)\b[^.]{0,40}\b(?:do(?:es)? not work|(?:is|are) (?:broken|unlocked"
        r"|left open|not guarded))\b",
        r"\b(?:user ?name|login|account name)\b ?(?:is|:)",
        r"\b(?:witness|victim|defector|family|client|returnee)\b[^.]{0,20}\b(?:housed|hidden|hiding|staying|relocated)\b"
        r"[^.]{0,20}\b(?:in|at|by|near)\b",
        r"\bsecret (?:address|location|place|entrance)\b[^.]{0,15}\bis\b",
        r"\b(?:mix|combine)\b[^.]{0,20}\b(?:fertili[sz]er|peroxide|acetone|nitrate|diesel|acid)\b",
        r"\b(?:lists?|registers?|files?|records?|keys?)\b[^.]{0,40}\b(?:is|are) (?:kept |stored )?(?:on|in|with) the "
        r"(?:\w+ )?(?:drive|server|cabinet|safe|drawer|laptop|caretaker)\b",
        r"\b(?:facebook|instagram|twitter|tiktok|x)\.com/[@\w]|\bt\.me/\w",
        r"\b(?:telegram|whatsapp|instagram|snapchat|tiktok|facebook|discord|twitter) (?:user ?)?(?:name|account|handle)"
        r" is\b",
        r"\b(?:tap|wire ?tap|interception)\b[^.]{0,20}\b(?:phone|line)\b",
        rf"\bon {_DAY}\b[^.]{{0,20}}\bat \d",
        r"\b(?:number|licen[cs]e|registration) plates?\b[^.]{0,20}"
        r"\b[A-Z0-9]{1,4}[- ][A-Z0-9]{1,4}(?:[- ][A-Z0-9]{1,4})?\b",
        r"\b(?:pin|door code|access code|entry code|alarm code|pass ?word|pass ?code|log ?in)\b[^.]{0,20}"
        r"(?:\bis\b|:|\d{3,})",
        r"-?\b\d{1,2}\.\d{3,}°?[NS]?,? ?-?\d{1,3}\.\d{3,}°?[EW]?\b",
        rf"\b(?:patrol\w*|shifts?|surveillance|stake-?outs?|guards?|guarded|raids?|searches|meets?|meeting"
        rf"|pick(?:s|ed)? up|handovers?|escort\w*|visit\w*)\b[^.]{{0,60}}\b{_TIME}",
        rf"\bevery {_DAY}\b[^.]{{0,40}}\b{_TIME}",
        r"\b(?:code ?name|cover name|undercover name|false identity|handler)\b[^.]{0,20}(?:is|was|:|“|\")",
        r"\b(?:informant|informer|undercover (?:officer|agent)|source|witness)\b[^.]{0,30}\b(?:lives|works|drives"
        r"|can be (?:found|reached)|is (?:hidden|hiding)|meets (?:his|her|their) handler)\b",
        r"\b(?:safe ?house|shelter|refuge|hiding place)\b[^.]{0,40}\b(?:is|lies|located|situated|hidden)\b[^.]{0,20}"
        r"\b(?:at|in|on|behind|above|near|next to)\b",
        r"\b(?:phones?|telephones?|flat|car|office|mosque|house|room)\b[^.]{0,20}\b(?:is|are|was|were) "
        r"(?:tapped|bugged)",
        r"\b(?:microphone|camera|tracker|listening device|bug)s?\b[^.]{0,30}\b(?:hidden|placed|installed|fitted)\b"
        r"[^.]{0,20}\b(?:in|under|behind|on|at)\b",
        r"(?<![\w.@\[;/])@[A-Za-z_]\w{3,}\b(?!\])",
        r"\b(?:telegram|whatsapp|instagram|snapchat|tiktok|facebook|discord|signal|twitter)\b[^.]{0,12}"
        r"\b(?:account|user ?name|handle|channel|group|profile)\b[^.]{0,10}[“\"'`@]\w+",
        r"\b(?:passport|identity card|id card|bsn|cpr|ssn|social security|national insurance|case|dossier|file|client)"
        r" (?:no\.?|number|nr\.?):? ?[A-Z]{0,3}[\d-]{4,}",
        r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b|\b\d{6}-\d{4}\b",
        r"\b(?:\d{1,3}\.){3}\d{1,3}\b",
        r"\b(?:how to|recipe for|instructions (?:for|to)|steps to)\b[^.]{0,30}\b(?:bombs?|explosives?|detonators?"
        r"|weapons?|grenades?|poison)\b",
        r"\b(?:TATP|ANFO|HMTD|C-?4|Semtex)\b",
    ),
}  # fmt: skip
"""The rules, each with what finds it in a line."""
