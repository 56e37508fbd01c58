"""How templates write names, dates and text."""
