"""Exporting: the whole public record at one moment, to be kept and read elsewhere.

frozen.py   the database as it stands at one instant, for as long as an export lasts
folder.py   a folder that appears whole or not at all, with its list of checksums
links.py    links of a page, as they lead from file to file
site.py     the public site as files that any browser opens
dumps.py    the record as data: JSON Lines, CSV, ninjs, with a description of itself
tables.py   records as rows of a table that a spreadsheet opens without harm
ninjs.py    records as IPTC's News in JSON
shelf.py    where dumps are kept, and which of them may still be had

Nothing is imported here: the public door reads the shelf, and must not load what renders sites.
"""
