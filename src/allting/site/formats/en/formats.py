"""English as it is written in Norway: the day first, as in the other languages here."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "d/m/Y"
