"""Files: what may be uploaded and what is kept of it; renditions of photos.

kept.py        an upload and what became of it; limits and refusals that all kinds share
handlers.py    bodies that are too large or find no room are read to their end and dropped
photos.py      a picture is looked at, decoded, turned, brought to sRGB and encoded anew
told.py        what a picture says of itself: caption, credit, date, people
offers.py      what of that is offered to the editor, for which fields
inscription.py what a public original says of itself, put in while it is served
documents.py   which documents there are, and what is checked of each
pdf.py         a PDF without programs, files and metadata inside; a signed one as it is
packages.py    OOXML, OpenDocument and ZIP: their members, and what they tell of their authors
fields.py      the form fields: the one way in, whatever the form
incoming.py    a request that brings files: prepared before it writes, tidied after it
sweeping.py    stored files that nothing names
renditions.py  the widths and forms in which readers get a photo
tones.py       the ground that shows before a picture has come
addresses.py   the one address of each file, and the name under which a reader keeps it
"""

from .fields import DocumentField, PhotoField
from .incoming import receiving
from .kept import Kept, Refusal
from .offers import Offer, offer

__all__ = ["DocumentField", "Kept", "Offer", "PhotoField", "Refusal", "offer", "receiving"]
