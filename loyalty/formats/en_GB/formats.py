"""The clock on a British counter runs to 24."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y H:i"
SHORT_DATE_FORMAT = "j M"
SHORT_DATETIME_FORMAT = "j M H:i"
MONTH_DAY_FORMAT = "j F"
