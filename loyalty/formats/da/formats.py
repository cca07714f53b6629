"""Times with a full stop, as printed on doors: 10.42. Short months are written small: 20. nov."""

TIME_FORMAT = "H.i"
DATETIME_FORMAT = "j. F Y \\k\\l. H.i"
SHORT_DATE_FORMAT = "j. N"
SHORT_DATETIME_FORMAT = "j. N \\k\\l. H.i"
MONTH_DAY_FORMAT = "j. F"
MONTH_DAY_TIME_FORMAT = "j. F \\k\\l. H.i"
# A moment within a week: in a line of a card, and in a sentence of its own.
WEEKDAY_FORMAT = "l \\k\\l. H.i"
LONG_WEEKDAY_FORMAT = "l \\k\\l. H.i"
