"""A generation from the content: read what counts, see what leaves, write the rest."""

from __future__ import annotations

import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from kb.authoring.parsing.publication import Fate
from kb.authoring.problems import Problem
from kb.authoring.rules import Level
from kb.building.changes import ContentNow
from kb.building.outcomes import NOT_ONLINE, Leaving, Outcome, Previous, leaving_of, slug_of
from kb.building.reading import CaseRead, ContentRead, Reader
from kb.building.report import BuildReport, Kind, report_of
from kb.index.index import Index
from kb.index.manifest import FileRecord, Manifest, Origin, Tally, iso_utc
from kb.stores.store import CaseStore, NewCase


@dataclass(frozen=True)
class Built:
    """What a build did, and the new generation, if there was something to write."""

    report: BuildReport
    published: tuple[Manifest, Origin] | None = None


def build_generation(
    reader: Reader, index: Index, now: ContentNow, base: Previous | None, good: CaseStore | None, reason: str = ""
) -> Built:
    """A generation upon `base`, or from nothing for this reason; `good` contains the last good versions.

    From nothing, cases are written as they are read: one process writes while others read on. What leaves the base,
    however, must be known before the first case is written.

    Raises ContentError when the vocabularies cannot be used.
    """
    started_ns = time.time_ns()
    content = reader.read(now, base, good)
    cases: Iterable[CaseRead] = tuple(content.cases) if base else content.cases
    leaving = leaving_of(base, now, [case.outcome for case in cases]) if base else Leaving()
    outcomes: list[Outcome] = []
    written: list[str] = []

    def as_read() -> Iterator[NewCase]:
        for case in cases:
            outcomes.append(case.outcome)
            if case.new:
                written.append(case.outcome.slug)
                yield case.new

    generation_id = _generation_id(started_ns, now)
    with index.new(generation_id, base.manifest if base else None, leaving.all) as writer:
        writer.write_cases(as_read(), content.vocabularies)
        problems = content.all_problems(outcomes)
        records = _records_of(now, outcomes, problems, content)
        writer.write_rest(content.vocabularies, content.guides, _withdrawn(records))
        count = (base.manifest.count if base else 0) + len(written) - len(leaving.all)
        changed = _changes_of_texts(now, content.dates, base.manifest.changed if base else {})
        manifest = Manifest(generation_id, iso_utc(started_ns), started_ns, count, changed, _tally(records, count))
        origin = Origin(now.software, now.terms, now.looked_at_ns, records, now.commit)
        writer.finish(manifest, origin)
    kind: Kind = "changes" if base else "all"
    report = report_of(
        started_ns, kind, manifest, outcomes, problems, good, reason=reason, leaving=leaving, written=written
    )
    return Built(report, (manifest, origin))


def report_again(reader: Reader, now: ContentNow, base: Previous) -> Built:
    """Nothing differs from `base`: only what is wrong with the content is reported again."""
    started_ns = time.time_ns()
    content = reader.read(now, base, base.cases)
    outcomes = [case.outcome for case in content.cases]
    return Built(report_of(started_ns, "nothing", base.manifest, outcomes, content.all_problems(outcomes), base.cases))


def less_offline(reader: Reader, now: ContentNow, base: Previous) -> ContentNow:
    """The content that `base` was built from, less what must not be online any more."""
    changed = [file for file in now.cases if file.is_changed and file.name in base.origin.files]
    dates = dict.fromkeys((file.name for file in changed), "")
    outcomes = (case.outcome for case in reader.cases(changed, dates, base.cases.vocabularies, None))
    offline = {outcome.path for outcome in outcomes if outcome.is_offline and base.cases.contains(outcome.slug)}
    return now.as_built(base.origin, but=offline)


def _records_of(
    now: ContentNow, outcomes: Sequence[Outcome], problems: Sequence[Problem], content: ContentRead
) -> dict[str, FileRecord]:
    """The records of all files, with what became of those that were read."""
    fates = {outcome.path: outcome.decision.fate for outcome in outcomes}
    allowed = {**content.allowed, **{outcome.path: outcome.allowed for outcome in outcomes}}
    wrong = {problem.path for problem in problems if problem.level is Level.ERROR}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for problem in problems:
        found[problem.path][problem.rule] += 1
    return {
        file.name: replace(
            file.record,
            state=fates.get(file.name, file.record.state),
            has_errors=file.name in wrong,
            changed=content.dates[file.name],
            problems=dict(found.get(file.name, {})),
            allowed=dict(Counter(allowed.get(file.name, ()))),
            is_committed=file.name in content.committed,
        )
        if file.needs_reading
        else file.record
        for file in now.files
    }


def _tally(records: Mapping[str, FileRecord], online: int) -> Tally:
    """What editors are told of all files together, when so many cases are online."""
    withdrawn = len(_withdrawn(records))
    cases = sum(path.startswith("cases/") for path in records)
    problems: Counter[str] = Counter()
    allowed: Counter[str] = Counter()
    for record in records.values():
        if record.state not in NOT_ONLINE:
            problems.update(record.problems)
            allowed.update(record.allowed)
    return Tally(withdrawn, max(0, cases - withdrawn - online), dict(problems), dict(allowed))


def _withdrawn(records: Mapping[str, FileRecord]) -> list[str]:
    """The slugs whose address says that the case was withdrawn."""
    return sorted(slug_of(path) for path, record in records.items() if record.state == Fate.WITHDRAWN)


def _changes_of_texts(now: ContentNow, dates: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """When each vocabulary and guide page last changed."""
    texts = [file.name for file in now.texts if file.record.digest]
    return {text: dates.get(text) or known[text] for text in texts}


def _generation_id(started_ns: int, now: ContentNow) -> str:
    """A name that sorts by time and differs with the content."""
    files = sorted((file.name, file.record.digest) for file in now.files)
    digest = hashlib.sha256("".join(f"{name}\0{digest}\n" for name, digest in files).encode()).hexdigest()
    when = datetime.fromtimestamp(started_ns / 1e9, UTC).strftime("%Y%m%dT%H%M%S%f")
    return f"{when}-{digest[:8]}"
