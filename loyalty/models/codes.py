"""How often a mailed code was tried."""

from django.db import models

from loyalty import clock


class TriedCode(models.Model):
    """Guesses are counted in rows, which no cache forgets and no session overwrites.

    A session would not do: many requests at once each read it, and each would find a try left.
    """

    digest = models.CharField(max_length=64, unique=True)  # of the code and whom it was mailed for
    tries = models.PositiveSmallIntegerField(default=0)
    first_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.tries} tries"
