"""Times with a full stop, as printed on doors: 10.42."""

TIME_FORMAT = "H.i"
DATETIME_FORMAT = "j. F Y H.i"
SHORT_DATE_FORMAT = "j. M"
SHORT_DATETIME_FORMAT = "j. M H.i"
MONTH_DAY_FORMAT = "j. F"
