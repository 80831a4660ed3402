"""Dependencies of routes: the generation to answer from, the search in the address, the site's settings.

These take no time, so they run on the event loop; routes run in threads.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BeforeValidator
from starlette.concurrency import run_in_threadpool

from api.address import saved_list
from api.address.comparison import ComparedItems, read_compared
from api.address.hosts import own_address
from api.address.parameters import by_name
from api.address.saved_list import SavedList
from api.address.search_state import SearchParams, read_params, read_text
from api.address.site import Site
from api.pages.parts.saving import Frame
from kb import DEFAULT_SIZE, FACETS, MAX_SIZE, Generation, LiveGeneration, Sort, with_parameters


def site_of(request: Request) -> Site:
    """The site of the application, at its public address or, without one, at that of its socket."""
    site: Site = request.app.state.site
    return site.at(own_address(request.scope))


async def get_site(request: Request) -> Site:
    """The same, for routes."""
    return site_of(request)


def frame_of(request: Request) -> Frame:
    """What surrounds the page that answers a request."""
    query = request.url.query
    here = f"{request.scope['path']}?{query}" if query else request.scope["path"]
    given = request.query_params
    saved = SavedList.read(given.getlist(saved_list.SLUG), given.get(saved_list.NAME, ""))
    return Frame(site_of(request), saved, here)


async def get_frame(request: Request) -> Frame:
    """The same, for routes."""
    return frame_of(request)


async def get_generation(request: Request) -> Generation:
    """The generation in use. A request takes it once and uses it until it ends."""
    live: LiveGeneration = request.app.state.live
    return live.current


SiteDep = Annotated[Site, Depends(get_site)]
FrameDep = Annotated[Frame, Depends(get_frame)]
GenerationDep = Annotated[Generation, Depends(get_generation)]

READ_AT_ONCE = 1000
"""Bytes of parameters. Longer ones take milliseconds to read, so they are not read in the event loop."""

_ANY_OF = "An id or a name; repeat the parameter for several: any of them matches."


@with_parameters(
    {facet.name: Annotated[list[str], Query(description=f"{facet.description} {_ANY_OF}")] for facet in FACETS},
    default=[],
    after="q",
)
async def get_whole_search(
    request: Request,
    generation: GenerationDep,
    q: Annotated[
        str,
        Query(
            description="Words, “exact phrase”, -not, OR, (brackets), any*letters, title: city: country: partner: year:"
        ),
    ] = "",
    sort: Annotated[str, Query(description=f"One of: {', '.join(Sort)}.")] = Sort.RELEVANCE,
    **facets: list[str],
) -> SearchParams:
    """The search in the address, whichever page of it. The parameters are declared so that the API's description
    shows them; what cannot be used of them becomes a notice, so the address itself is read.
    """
    given = by_name(request.query_params.multi_items())
    if len(request.url.query) <= READ_AT_ONCE:
        return read_params(given, generation.vocabularies)
    return await run_in_threadpool(read_params, given, generation.vocabularies)


WholeSearchDep = Annotated[SearchParams, Depends(get_whole_search)]


_BEHIND_A_NUMBER = " .,;:!?)]}>*\"'”’»"


def _or(default: int) -> BeforeValidator:
    """Reads an empty number as the default, as forms send it, and ignores what a sentence has put behind one."""

    def read(given: object) -> object:
        return (given.rstrip(_BEHIND_A_NUMBER) if given.strip() else default) if isinstance(given, str) else given

    return BeforeValidator(read)


async def get_search_params(
    whole: WholeSearchDep,
    page: Annotated[int, Query(ge=1), _or(1)] = 1,
    size: Annotated[int, Query(ge=1, le=MAX_SIZE), _or(DEFAULT_SIZE)] = DEFAULT_SIZE,
) -> SearchParams:
    """One page of the search in the address."""
    return replace(whole, page=page, size=size)


SearchDep = Annotated[SearchParams, Depends(get_search_params)]


async def get_strict_whole_search(whole: WholeSearchDep) -> SearchParams:
    """The search in the address, all of which can be used: for answers that cannot say what was left out."""
    return whole.wholly_usable()


StrictWholeSearchDep = Annotated[SearchParams, Depends(get_strict_whole_search)]


async def get_strict_search(params: SearchDep) -> SearchParams:
    """The same for one page of it."""
    return params.wholly_usable()


StrictSearchDep = Annotated[SearchParams, Depends(get_strict_search)]


async def get_searched(q: str = "") -> str:
    """The words with which a visitor found a case, according to its address."""
    return read_text(q)


SearchedDep = Annotated[str, Depends(get_searched)]


async def get_status(all: str = "", page: Annotated[int, Query(ge=1), _or(1)] = 1) -> tuple[str, int]:  # noqa: A002  # its name in addresses
    """The chapter of the overview for editors that is asked for, if one is, and which page of it."""
    return all, page


StatusDep = Annotated[tuple[str, int], Depends(get_status)]


async def get_listed(request: Request) -> tuple[list[str], str]:
    """The saved list in the address as it was written: slugs, perhaps too many or unknown, and a name."""
    given = request.query_params
    return given.getlist(saved_list.SLUG), given.get(saved_list.NAME, "")


ListedDep = Annotated[tuple[list[str], str], Depends(get_listed)]


def get_compared(
    generation: GenerationDep,
    case: Annotated[list[str], Query()] = [],
    arrangement: Annotated[list[str], Query()] = [],
) -> ComparedItems:
    """The items to compare. This reads cases, so it runs in a thread."""
    return read_compared(case, arrangement, generation)


ComparedDep = Annotated[ComparedItems, Depends(get_compared)]
