"""The open API: the public record for programs, and the JSON twin of every page.

The data is made in `events.opendata`; here it is found, by the filters of the pages, documented
as OpenAPI, and answered. django-ninja reads parameters and writes the document; answers are
finished JSON, kept like feeds by the state of the record.
"""
