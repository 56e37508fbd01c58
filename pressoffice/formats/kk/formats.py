"""Kazakh, which Django has no formats for: as CLDR writes it. What is typed is ISO 8601 or has
dots, as on every keyboard here."""

DATE_FORMAT = "Y\u00a0ж. j\u00a0E"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y\u00a0ж. j\u00a0E, H:i"
YEAR_MONTH_FORMAT = "Y\u00a0ж. F"
MONTH_DAY_FORMAT = "j\u00a0E"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y, H:i"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d.%m.%y"]
DATETIME_INPUT_FORMATS = ["%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S.%f", "%d.%m.%Y %H:%M"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\u00a0"
NUMBER_GROUPING = 3
