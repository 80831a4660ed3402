"""Values as bytes: what every store saves for a case, a guide page and the vocabularies."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from kb.errors import GenerationError
from kb.model.case import Case, CaseSummary, Guide, summary_of
from kb.model.history import CaseChange
from kb.model.upkeep import Upkeep, upkeep_of
from kb.model.vocabulary import Vocabularies
from kb.search.highlighting.passages import Passages

R = TypeVar("R")

_CASE = TypeAdapter(Case)
_SUMMARY = TypeAdapter(CaseSummary)
_GUIDE = TypeAdapter(Guide)
_HISTORY = TypeAdapter(tuple[CaseChange, ...])
_UPKEEP = TypeAdapter(tuple[Upkeep, ...])
_VOCABULARIES = TypeAdapter(Vocabularies)


@dataclass(frozen=True)
class PackedCase:
    """A case as bytes; packed where there is time for it."""

    data: bytes
    summary: bytes
    """What lists show of it, as JSON."""
    passages: bytes
    upkeep: bytes
    """What editors look after in it, as JSON."""


def pack_case(case: Case) -> PackedCase:
    """What is stored of a case."""
    data = _CASE.dump_json(case, exclude_defaults=True)
    return PackedCase(
        data, _SUMMARY.dump_json(summary_of(case)), Passages.of(case).to_bytes(), _UPKEEP.dump_json((upkeep_of(case),))
    )


def pack_history(history: tuple[CaseChange, ...]) -> bytes:
    """What is stored of what happened to a case."""
    return _HISTORY.dump_json(history, exclude_defaults=True)


def pack_guide(guide: Guide) -> bytes:
    """What is stored of a guide page."""
    return _GUIDE.dump_json(guide, exclude_defaults=True)


def pack_vocabularies(vocabularies: Vocabularies) -> bytes:
    """What is stored of the vocabularies."""
    return _VOCABULARIES.dump_json(vocabularies)


def unpack_case(data: bytes) -> Case:
    """A case. Raises GenerationError, as all of these do, for what another version has packed."""
    return _unpacked(_CASE.validate_json, data)


def unpack_summary(data: bytes) -> CaseSummary:
    """What lists show of a case."""
    return _unpacked(_SUMMARY.validate_json, data)


def unpack_history(data: bytes) -> tuple[CaseChange, ...]:
    """What happened to a case."""
    return _unpacked(_HISTORY.validate_json, data)


def unpack_upkeep(packed: Iterable[bytes]) -> tuple[Upkeep, ...]:
    """What editors look after in cases; all read as one list, which takes a fifth of the time."""
    return _unpacked(_UPKEEP.validate_json, b"[%s]" % b",".join(data[1:-1] for data in packed))


def unpack_guide(data: bytes) -> Guide:
    """A guide page."""
    return _unpacked(_GUIDE.validate_json, data)


def unpack_vocabularies(data: bytes) -> Vocabularies:
    """The vocabularies."""
    return _unpacked(_VOCABULARIES.validate_json, data)


def unpack_passages(data: bytes) -> Passages:
    """The passages of a case."""
    return _unpacked(Passages.from_bytes, data)


def _unpacked(unpack: Callable[[bytes], R], data: bytes) -> R:
    try:
        return unpack(data)
    except (ValidationError, struct.error, ValueError) as error:
        message = "The stored cases were written by another version. Run `kb index --rebuild`."
        raise GenerationError(message) from error
