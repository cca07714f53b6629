"""The clock on a British counter runs to 24."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y H:i"
SHORT_DATE_FORMAT = "j M"
SHORT_DATETIME_FORMAT = "j M H:i"
MONTH_DAY_FORMAT = "j F"
MONTH_DAY_TIME_FORMAT = "j F H:i"
# A moment within a week: in a line of a card, and in a sentence of its own.
WEEKDAY_FORMAT = "D H:i"
LONG_WEEKDAY_FORMAT = "l H:i"
