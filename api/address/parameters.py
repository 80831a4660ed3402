"""The parameters of an address as they arrive: without those that only count visitors, and in their proper case.

Programs that people share links with add parameters of their own. They mean nothing here, so they are removed before
anything reads the address: no page, link, feed or cached answer ever contains one.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote_plus

from api.address.search_state import NAMES
from kb import plain_name

TRACKERS = frozenset(
    """
    fbclid fb_action_ids fb_action_types fb_ref fb_source mibextid igsh igshid
    gclid gclsrc gbraid wbraid dclid gad_source gad_campaignid srsltid _ga _gl _gac
    msclkid yclid ysclid _openstat twclid ref_src ref_url __twitter_impression ttclid tt_medium tt_content
    li_fat_id lipi trk trkcampaign trackingid rdt_cid sccid sc_cid epik si spm scm wprov
    mc_cid mc_eid mc_tc mkt_tok _hsenc _hsmi __hsfp __hssc __hstc hsctatracking
    ml_subscriber ml_subscriber_hash ck_subscriber_id vero_id vero_conv _ke _kx dm_i elqtrackid elqtrack
    oly_anon_id oly_enc_id rb_clickid s_cid wickedid awt_l awt_m __s emci emdi ceid sms_ss
    irclickid cjevent obclid outbrainclickid dicbo tblci guccounter guce_referrer guce_referrer_sig
    _branch_match_id _branch_referrer wt_mc wt_zmc xtor at_medium at_campaign
    """.split()
)
"""Names, in lower case, that advertisers, mailing services and social networks are known to add to links, and that
nobody would mistake for a filter. A name that could be one, such as `ref` or `source`, is reported as any other."""

TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "piwik_", "matomo_", "hsa_", "sfmc_", "itm_")
"""How the names of measuring programs begin that have many of them."""

LONGEST_NAME = 120
"""In bytes, as written in an address. No longer name is known here."""

_PROPER = {plain_name(name): name.encode() for name in (*NAMES, "case")}


def cleaned(query: bytes) -> bytes:
    """A query string without trackers, and with the names that are known here as they are written here.

    All else is left as it is, byte by byte.

    >>> cleaned(b"q=youth&utm_source=mail&FBCLID=x&City=aarhus")
    b'q=youth&city=aarhus'
    """
    kept = []
    for pair in query.split(b"&"):
        written = pair.partition(b"=")[0]
        proper = _proper_name(written) if len(written) <= LONGEST_NAME else written
        if proper is not None:
            kept.append(proper + pair[len(written) :])
    return b"&".join(kept)


def by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The values of each parameter, read in one pass however many there are.

    >>> by_name([("city", "oslo"), ("q", "youth"), ("city", "aarhus")])
    {'city': ['oslo', 'aarhus'], 'q': ['youth']}
    """
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def is_tracker(name: str) -> bool:
    """Whether a parameter only says by which way a visitor came.

    >>> is_tracker("UTM_Campaign"), is_tracker("gclid"), is_tracker("contry")
    (True, True, False)
    """
    plain = name.strip().lower()
    return plain in TRACKERS or plain.startswith(TRACKING_PREFIXES)


@lru_cache(maxsize=1000)
def _proper_name(written: bytes) -> bytes | None:
    """What to write in place of a name; None for that of a tracker."""
    # An address copied from the source of a page has "&amp;" between its parameters.
    name = unquote_plus(written.decode("latin-1")).removeprefix("amp;")
    return None if is_tracker(name) else _PROPER.get(plain_name(name), written)
