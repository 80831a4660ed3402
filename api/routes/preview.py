"""Drafts and files with errors as pages, for their authors: on this machine only.

The application has these routes only where drafts are shown (`KB_DRAFTS`). Even there they answer nobody but a browser
on this machine that asks on its own behalf; everybody else gets what they would get without these routes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse

from api import pages
from api.address import paths
from api.deps import FrameDep, GenerationDep
from api.pages.parts.saving import Frame
from api.server.arrival.this_machine import is_from_this_machine
from api.server.errors import ApiProblem
from api.server.headers import NOT_STORED
from api.server.rendering import render
from kb import ContentError, DraftFolder, Generation, Kind, is_stopping, past_versions

LOOKING_SECONDS = 0.25
"""Seconds between two looks at the files: a page follows a save within a second."""

BEATS = 40
"""Looks without a change after which the browser is told that the server is still there."""

_OWN = {"Cache-Control": NOT_STORED, "X-Robots-Tag": "noindex"}

_NO_FILE = "There is no case file `{}.md` in the content folder."


async def get_folder(request: Request) -> DraftFolder:
    """The case files. Raises ApiProblem, as for any unknown address, unless somebody on this machine asks."""
    folder: DraftFolder = request.app.state.drafts
    if not is_from_this_machine(request.scope):
        raise ApiProblem(404, "There is no page at this address.")
    return folder


FolderDep = Annotated[DraftFolder, Depends(get_folder)]

router = APIRouter(include_in_schema=False, dependencies=[Depends(get_folder)])


@router.get(paths.PREVIEW)
def listing(folder: FolderDep, generation: GenerationDep, frame: FrameDep) -> Response:
    """All files that are not online as they are."""
    version = _version(folder)
    try:
        vocabularies = folder.vocabularies()
    except ContentError as error:
        return _broken(error, frame, version)
    listed = folder.not_online(lambda slug: _online(slug, generation), vocabularies)
    return render("preview.html", pages.preview_page(listed, version), frame, headers=_OWN)


@router.get(f"{paths.PREVIEW}/cases/{{slug}}")
def draft(slug: str, folder: FolderDep, generation: GenerationDep, frame: FrameDep) -> Response:
    """One file, whatever is in it."""
    version = _version(folder, slug)
    try:
        vocabularies = folder.vocabularies()
    except ContentError as error:
        return _broken(error, frame, version)
    found = folder.draft(slug, vocabularies)
    if found is None:
        raise ApiProblem(404, _NO_FILE.format(slug))
    page = pages.preview_case_page(found, _online(slug, generation), vocabularies, frame.site, version)
    return render("preview_case.html", page, frame, headers=_OWN)


@router.get(f"{paths.PREVIEW}/cases/{{slug}}/history")
def history(slug: str, folder: FolderDep, frame: FrameDep) -> Response:
    """What each commit changed in a file: it shows what was removed, and so is for its authors only."""
    text = folder.text(slug)
    if text is None:
        raise ApiProblem(404, _NO_FILE.format(slug))
    page = pages.preview_history_page(slug, text, past_versions(folder.root, Kind.CASE.file(slug)))
    return render("preview_history.html", page, frame, headers=_OWN)


@router.get(paths.PREVIEW_CHANGES)
async def changes(folder: FolderDep, case: str = "") -> Response:
    """The version of a file, or of all, now and after every change: server-sent events."""
    return StreamingResponse(_versions(folder, case), media_type="text/event-stream", headers=_OWN)


async def _versions(folder: DraftFolder, slug: str) -> AsyncIterator[str]:
    sent, quiet = "", 0
    while not is_stopping():
        version = await asyncio.to_thread(_version, folder, slug)
        if version != sent:
            yield f"data: {version}\n\n"
            sent, quiet = version, 0
        elif quiet >= BEATS:
            yield ": still here\n\n"
            quiet = 0
        quiet += 1
        await asyncio.sleep(LOOKING_SECONDS)


def _version(folder: DraftFolder, slug: str = "") -> str:
    try:
        return folder.version(slug)
    except ContentError:
        return "gone"  # until the folder is back, which is another change


def _online(slug: str, generation: Generation) -> str | None:
    stored = generation.cases.stored(slug)
    return stored.markdown if stored else None


def _broken(error: ContentError, frame: Frame, version: str) -> Response:
    """What is wrong with the vocabularies: without them no case can be read."""
    return render("preview_broken.html", pages.preview_broken_page(error, version), frame, 503, headers=_OWN)
