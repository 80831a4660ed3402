"""Forms from earlier versions: accepted for one version, with a hint that shows the new form in the author's words.

All of this will be removed in the next version.
"""

from __future__ import annotations

from collections.abc import Sequence

from kb.authoring.parsing.fields import FieldReader, Text
from kb.authoring.parsing.yaml.nodes import Scalar
from kb.authoring.parsing.yaml.repairs import quoted
from kb.model.case import Challenge, Partner


def one_sentence(challenge_id: str, sentence: Scalar, challenges: FieldReader) -> Challenge:
    """A challenge as one sentence, which is read as how the challenge showed."""
    hint = f"Write `{challenge_id}: {{showed: {quoted(sentence.text)}}}`, or `handled:` if it says what was done."
    challenges.note("old-form", f"`challenges.{challenge_id}` is written in the old form.", hint, sentence.place)
    return Challenge(challenge_id, showed=sentence.text, handled=None)


def list_of_names(key: str, names: Sequence[Text], fields: FieldReader) -> tuple[Partner, ...]:
    """`lead` or `partners` as a list, which says nothing about sectors."""
    if names:
        new = ", ".join(f"{quoted(name.value)}: …" for name in names)
        hint = f"Write `{key}: {{{new}}}` with a sector from `vocabularies/sectors.yaml` after each."
        fields.note("old-form", f"`{key}` is written in the old form.", hint, fields.place(key))
    return tuple(Partner(name.value, None) for name in names)
