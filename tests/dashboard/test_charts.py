import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from loyalty.dashboard.charts import Bar, bars


def a_week(*visits):
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return [
        Bar(label, n, "" if n is None else str(n)) for label, n in zip(names, visits, strict=False)
    ]


def test_it_works():
    chart = bars("Visits per day", a_week(3, 6, 0, 12, 9, 1, 2))

    assert not chart.lying
    assert [box.height for box in chart.boxes] == ["18%", "36%", "0%", "72%", "54%", "6%", "12%"]
    assert [box.y for box in chart.boxes] == ["66%", "48%", "84%", "12%", "30%", "78%", "72%"]


def test_columns_divide_the_width_evenly():
    chart = bars("Visits", [Bar("a", 1, "1"), Bar("b", 2, "2")])

    assert [(box.x, box.width, box.label_x) for box in chart.boxes] == [
        ("9%", "32%", "25%"),
        ("59%", "32%", "75%"),
    ]


def test_a_number_stands_on_its_bar():
    chart = bars("Visits", a_week(3, 6))

    assert all(box.words_y == box.y for box in chart.boxes)


def test_nine_bars_lie_in_rows():
    chart = bars("Visits", [Bar(str(n), n, str(n)) for n in range(9)])

    assert chart.lying
    assert chart.height == "20.25rem"
    assert (chart.boxes[0].width, chart.boxes[8].width) == ("0%", "50%")
    assert chart.boxes[8].words_x == "84%"


def test_a_row_leaves_room_for_a_long_number():
    chart = bars("Cost", [Bar("October", 1_234_567, "1,234,567.00 kr")])

    assert chart.boxes[0].words_x == "48.8%"


def test_a_row_beside_a_very_long_number_is_no_shorter_than_nothing():
    chart = bars("Cost", [Bar("October", 1, "123,456,789,012,345.00 kr")])

    assert (chart.boxes[0].width, chart.boxes[0].words_x) == ("0%", "34%")


@pytest.mark.parametrize(
    "long", [Bar("October", 1, "1"), Bar("Oct", 123_456, "123,456")], ids=["label", "number"]
)
def test_long_words_lie_in_rows(long):
    assert bars("Visits", [Bar("Sep", 1, "1"), long]).lying


@pytest.mark.parametrize("value", [0, None, -4])
def test_what_is_nothing_draws_nothing(value):
    chart = bars("Visits", [Bar("Mon", value, "")])

    assert chart.boxes[0].height == "0%"
    assert chart.about == "Nothing to draw yet." or value == -4


def test_no_bars_are_a_chart_without_bars():
    chart = bars("Visits", [])

    assert chart.boxes == ()
    assert chart.about == "Nothing to draw yet."


def test_a_reader_without_eyes_hears_where_it_is_highest():
    chart = bars("Visits", a_week(3, 6, None, 6, 1))

    assert chart.about == "Highest: Tue, 6. Lowest: Fri, 1."


def test_a_share_is_written_with_a_point_in_every_language():
    with translation.override("nb"):
        drawn = render_to_string("owner/_chart.html", {"chart": bars("Besøk", a_week(1, 2, 3))})

    assert 'x="6%"' in drawn
    assert 'height="24%"' in drawn
    assert not re.search(r'(x|y|width|height)="[\d.]*,', drawn)


def test_every_number_is_printed_and_stands_in_the_table():
    chart = bars("Visits", [Bar("Mon", 31, "31", "Monday 14 September"), Bar("Tue", None, "")])
    drawn = render_to_string("owner/_chart.html", {"chart": chart})

    assert drawn.count(">31<") == 2
    assert '<th scope="row">Monday 14 September</th>' in drawn
    assert '<td class="n">–</td>' in drawn
    assert "style=" not in drawn


def test_two_charts_of_a_page_have_ids_of_their_own():
    assert bars("Visits per day", []).key != bars("Visits per month", []).key


def test_the_table_says_what_its_columns_are():
    assert bars("Visits", []).heads == ("Period", "Visits")
    assert bars("Visits per day", [], heads=("Day", "Visits")).heads == ("Day", "Visits")
