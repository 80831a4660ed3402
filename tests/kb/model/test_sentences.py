"""Where sentences end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.model.sentences import sentence_spans, sentences


@pytest.mark.parametrize(
    "text",
    [
        "It began. | It went on.",
        "Who pays? | Nobody! | So it ended.",
        "It began in 2015. | 40 people came.",
        "It cost 1.5 million. | That was much.",
        "At 9.30 they met at example.org and left.",
        'She said: "It works." | Others did not.',
        "(It began.) | (It ended.) | “And so on.” | ‘Yes.’",
        "“Who pays?” asked the mayor. | Nobody knew.",
        "Really?! | Yes … | And then ... | More.",
        "Schools, e.g. Primary ones, i.e. St. Olav's, took part.",
        "In St. Paul, Dr. Smith and Mr. J. F. Jones met Mrs. O. Prof. Li vs. Sgt. Poe.",
        "See p. 4 and pp. 5, No. 10, art. 3 and vol. 2.",
        "Did it help? | No. | It did not.",
        "Was it said on that page? | The answer is no. | They left.",
        "Teachers, youth workers, etc. came at 9 a.m. to talk. | Then they left at 5 p.m. | It rained.",
        "Police, schools, etc. | Others came later.",
        "The U.S. Attorney met the U.N. envoy.",
        "That is the rule in the U.S. | The mayor knew.",
        "They ran Project R. | They also wrote a handbook.",
        "the city's. | A study",
        "It began\u2028It went on.| It ended.",
        "no mark at the end",
        "",
        "  ",
    ],
)
def test_a_sentence_ends_where_a_reader_expects(text: str) -> None:
    expected = [part.strip() for part in text.replace("\u2028", "|").split("|")]
    written = text.replace(" |", "").replace("|", "")

    assert list(sentences(written)) == [part for part in expected if part]


@given(st.text(alphabet='aB 1.?!"”()e.g\u2028\n', max_size=40))
def test_sentences_cover_the_whole_text_except_the_space_between(text: str) -> None:
    spans = list(sentence_spans(text))

    edges = [position for span in spans for position in span]
    assert edges == sorted(edges)
    assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)
    assert "".join("".join(text[start:end] for start, end in spans).split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["e.g. " * 50_000, "!" * 50_000 + "x", "!)" * 50_000 + "x", f"a. {'b' * 50_000}"])
def test_a_long_text_is_split_in_one_pass(text: str) -> None:
    assert len(sentences(text)) <= 2
