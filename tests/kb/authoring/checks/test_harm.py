"""What may harm somebody is found before it is public, and seldom anything else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.checks.harm import Guard, Guarded


def guard(path: str, text: str, organisations: Sequence[str] = ()) -> Guarded:
    return Guard(organisations).read(path, text)


PLANTED = {
    "harm-email": [
        "Write to j.jansen@example.org for the protocol.",
        "Contact: team.lead+prevent@city.example.co.uk",
        "Reach her at amina [at] example [dot] org.",
        "j.smith (at) example.com answers questions.",
        "mailto:koordinator@beispiel.de",
        "Ask <info@example.dk>.",
        'contributors: ["M. Hansen, mh@example.no"]',
        "The coordinator (S.Yilmaz@belediye.example.tr) has the list.",
    ],
    "harm-phone": [
        "Call 020 7946 0018 at any time.",
        "The hotline is +45 87 13 31 00.",
        "Tel. 87133100",
        "Ring the mentor on 0612345678.",
        "His mobile is 06-12 34 56 78.",
        "Phone: 00 32 2 279 22 11",
        "WhatsApp (0)30 901820",
        "Call 555-0199 and ask for the team.",
        "The number is +1 (612) 555-0142.",
        "Reach the coordinator at 0207 946 0958.",
    ],
    "harm-address": [
        "They meet at 14 Linden Street.",
        "The family lives at 221b Baker Street.",
        "The centre is at Kerkstraat 12.",
        "The office is in Hauptstraße 5a.",
        "They meet in rue de la Loi 16.",
        "Un local au 12 rue Victor Hugo.",
        "The prayer room is at Via Roma 23.",
        "The youth club moved to Storgatan 4.",
        "The flat is Nørrebrogade 88.",
        "They were housed in flat 3B.",
        "Letters go to P.O. Box 4411.",
        "The shelter's postcode is SW1A 1AA.",
        "It is at 1012 AB Amsterdam.",
        "Calle Mayor 7 is where they train.",
        "The house at Jalan Merdeka 21 was searched.",
    ],
    "harm-birth-date": [
        "He was born on 3 May 1990.",
        "The suspect (b. 1987) came from the district.",
        "Date of birth: 12-04-1995.",
        "She was born in March and left at sixteen.",
        "DOB 03/11/2001",
        "The recruiter, born in 1979, moved here.",
        "geboren am 4.5.1992",
    ],
    "harm-small-number": [
        "The only Somali pupil at the school was questioned.",
        "A 15-year-old boy was referred.",
        "A boy aged 14 was referred by his teacher.",
        "Two brothers from the estate left for Syria.",
        "Three girls at one school were referred.",
        "Two of the five converts at the mosque were known to the team.",
        "One family in the village had a son in prison.",
        "The sixteen-year-old was visited at home.",
        "A girl of 13 told her mentor.",
        "The only imam who refused lost his post.",
        "Four pupils from the same school were reported.",
    ],
    "harm-name": [
        "Mr Jansen explained the protocol.",
        "Imam Abdullah Yusuf refused to sign.",
        "Officer John Smith leads the team.",
        "Karin Svensson said that she was afraid.",
        "A boy called Yusuf was referred.",
        "Mayor Hans Keller ordered it.",
        "The social worker Petra Novak visits on weekdays.",
        "Youth worker Ahmed knows the families.",
        "Fatima El Amrani, who leads the mothers' group, disagreed.",
        "His brother Karim was known to the police.",
        "A pupil whose name is Ali was reported.",
        "Ms. Demir keeps the list.",
        "Dr Peter Olsen wrote the report on the boy.",
        "Mehmet Kaya was arrested in the spring.",
        "Samira Haddad told the council about it.",
    ],
    "harm-operation": [
        "Their car has the licence plate AB-123-C.",
        "The door code is 4821.",
        "The password for the register is Linden2019.",
        "The safe house is located behind the station.",
        "Patrols pass the mosque at 22:30.",
        "The team meets every Friday at 19:00 in the back room.",
        "The informant works in the bakery.",
        "His handler is the deputy head of the unit.",
        "The phones of the board were tapped.",
        "A camera was hidden in the clock of the prayer room.",
        "The group posts as @falcon_brigade.",
        "Telegram channel “falconbrigade” has the videos.",
        "The flat lies at 52.0907, 5.1214.",
        "Case number: 2019-44871",
        "CPR 010190-1234",
        "It explained how to build a bomb at home.",
        "The server is at 192.168.4.17.",
        "The undercover officer lives near the club.",
        "The women's shelter is in the street behind the library.",
        "The guards change shifts at 6 am.",
    ],
}


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule, lines in PLANTED.items() for line in lines])
def test_what_may_harm_is_found(rule: str, line: str) -> None:
    assert rule in {problem.rule for problem in guard("cases/a.md", f"Harmless.\n{line}\n").problems}


HARMLESS = [
    "Mr and Mrs are titles.",
    "The mayor said that the plan would go on. [@s1, p. 12]",
    "Between 2012 and 2014, 28 residents left for Syria.",
    "The programme was born in a small office.",
    "The budget was 1 200 000 euros in 2015, and 1 400 000 in 2016.",
    "Human Rights Watch said that the law went too far.",
    "The United Nations Office said so in New York.",
    "The plan of 2007 (Phase 2) has 34 measures.",
    "Eleven-year-olds and twelve-year-olds took part; pupils of 14 to 16 filled in a form.",
    "The police officer, the imam and the teacher meet once a month.",
    "Some 1,500 people came; 401 answered.",
    "It was called Idmaj, which means integration.",
    "The network is known as PRODERAI.",
    "url: https://example.org/a/0612345678/kerkstraat-12?mail=x@example.org",
    "The report (ISBN 0-19-852663-6) is public.",
    "The street had been a border for thirty years.",
    "Five of the seven partners came from the city.",
    "Two schools and one mosque joined.",
    "The survey ran from 3 May 2015 to 4 June 2016.",
    "Father and son groups met at the mosque in the evening.",
    "The information house opened at the town hall.",
]


@pytest.mark.parametrize("line", HARMLESS)
def test_what_harms_nobody_is_left_alone(line: str) -> None:
    assert guard("cases/a.md", line).problems == ()


def test_a_finding_says_where_and_what_to_do() -> None:
    (problem,) = guard("cases/a.md", "Fine.\nAsk Mr Jansen.").problems

    assert str(problem) == (
        "cases/a.md:2:5: warning: `Mr Jansen` looks like a person's name. Write the role: `the mayor`, "
        "`a youth worker`, `an imam`. If it is needed, allow it in a comment with a reason: "
        "`allow harm-name: the reason`. [harm-name]"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ask Mr Jansen. <!-- allow harm-name: he signed the public letter -->",
        "<!-- allow harm-name: he signed the public letter -->\nAsk Mr Jansen.",
        "<!-- allow harm-name: he signed the public letter -->\n\nAsk Mr Jansen.",
        "# allow harm-name: he signed the public letter\nsummary: Ask Mr Jansen.",
        "summary: Ask Mr Jansen.  # allow harm-name: he signed the public letter",
    ],
)
def test_an_author_may_allow_a_finding_with_a_reason(text: str) -> None:
    guarded = guard("cases/a.md", text)

    assert guarded.problems == ()
    assert [(one.problem.rule, one.reason) for one in guarded.silenced] == [
        ("harm-name", "he signed the public letter")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- allow harm-name: -->\nAsk Mr Jansen.",
        "<!-- allow harm-name -->\nAsk Mr Jansen.",
        "<!-- allow harm-phone: it is public -->\nAsk Mr Jansen.",
        "<!-- allow harm-name: he is known -->\nFine.\nAsk Mr Jansen.",
        "<!-- allow harm-name: he is known -->\nAsk Mr Jansen.\nAsk Mr Jansen.",
    ],
)
def test_nothing_else_is_allowed_with_it(text: str) -> None:
    assert [problem.rule for problem in guard("cases/a.md", text).problems] == ["harm-name"]


def test_authors_of_sources_have_names_but_no_telephone() -> None:
    sources = "sources:\n  s1:\n    by: Professor Jansen\n    title: Call +45 87 13 31 00\nlanguage: en"

    assert [problem.rule for problem in guard("cases/a.md", sources).problems] == ["harm-phone"]


def test_the_name_of_an_organisation_is_no_name_of_a_person() -> None:
    line = "Majlis Pusat said that it would help."

    assert guard("cases/a.md", line, ["Majlis Pusat"]).problems == ()
    assert [problem.rule for problem in guard("cases/a.md", line).problems] == ["harm-name"]


@given(st.text(max_size=300))
def test_any_text_is_guarded(text: str) -> None:
    for problem in guard("cases/a.md", text).problems:
        assert 1 <= problem.line <= text.count("\n") + 1


@pytest.mark.parametrize("piece", ["a", "1 ", "A ", "@", "a.", "Aa ", "born ", "1-", "(", "+1 "])
def test_a_long_line_is_guarded_in_no_time(piece: str) -> None:
    guard("cases/a.md", piece * (20_000 // len(piece)))
