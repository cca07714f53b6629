"""`loyalty.numbers` as filters."""

from django import template

from loyalty import numbers

register = template.Library()

for each in (numbers.figure, numbers.whole, numbers.signed):
    register.filter(each)
