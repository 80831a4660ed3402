"""Pictures from a case's own data: frozen values with coordinates, and a text that says the same.

Each is a pure function of a case and the vocabularies. Templates in `parts/pictures/` draw them.
"""

from api.pictures.flow import Drawing, Flow, flow
from api.pictures.ladder import Ladder, ladder
from api.pictures.locator import Locator, locator
from api.pictures.of_case import CasePictures, SmallPictures, case_pictures, small_pictures
from api.pictures.seats import Seat, Seats, seats
from api.pictures.strip import Strip, strip

__all__ = [
    "CasePictures",
    "Drawing",
    "Flow",
    "Ladder",
    "Locator",
    "Seat",
    "Seats",
    "SmallPictures",
    "Strip",
    "case_pictures",
    "flow",
    "ladder",
    "locator",
    "seats",
    "small_pictures",
    "strip",
]
