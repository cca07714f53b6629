"""Levels by spend, in a few lines of plain Python, for one member. Days in UTC."""

from datetime import date, timedelta

from loyalty.calendar import months_after

TAKES = [0, 30_000, 50_000]
A_DAY = timedelta(days=1)


class Plain:
    def __init__(self, window):
        self.window = window
        self.bought = []  # [day, amount]; an amount of 0 was taken back
        self.log = []  # (level, the day it was measured for, held until, whether time did it)

    @property
    def level(self):
        return self.log[-1][0] if self.log else 0

    @property
    def until(self):
        return self.log[-1][2] if self.log else None

    def spent(self, day):
        first = date(day.year, 1, 1)
        if self.window == "rolling":
            first = months_after(day, -12) + A_DAY
        return sum(amount for when, amount in self.bought if first <= when <= day)

    def reached(self, day):
        return max(n for n, takes in enumerate(TAKES) if takes <= self.spent(day))

    def move(self, level, day, by_time=False):
        last = months_after(day, 12) if self.window == "rolling" else date(day.year + 1, 12, 31)
        self.log.append((level, day, last if level else None, by_time))

    def buy(self, amount, today):
        self.bought.append([today, amount])
        self.climb(today)

    def climb(self, day):
        if self.reached(day) > self.level:
            self.move(self.reached(day), day)

    def pass_time(self, today):
        while self.until and self.until < today:
            end = self.until
            self.move(min(self.level, self.reached(end)), end, by_time=True)

    def take_back(self, nth, today):
        self.bought[nth][1] = 0
        lost = []
        while self.log and self.level > max(self.reached(self.log[-1][1]), self.reached(today)):
            lost.append(self.log.pop())
        for _level, day, _until, by_time in reversed(lost):
            if not by_time:
                self.climb(day)
        self.pass_time(today)
        self.climb(today)
