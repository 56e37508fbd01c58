"""Exporting: the whole public record at one moment, to be kept and read elsewhere.

frozen.py   the database as it stands at one instant, for as long as an export lasts
folder.py   a folder that appears whole or not at all, with its list of checksums
links.py    links of a page, as they lead from file to file
site.py     the public site as files that any browser opens
"""

from .folder import Folder, Unwilling
from .frozen import frozen
from .site import Copied, copy_site

__all__ = ["Copied", "Folder", "Unwilling", "copy_site", "frozen"]
