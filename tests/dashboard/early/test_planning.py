"""The page that plans early access and changes it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from loyalty import clock
from loyalty.pictures.models import Picture
from members.models import Membership
from rewards.tiers.models import Ladder, Tier
from rewards.vip.models import Drop, Opening
from tests.dashboard.early.conftest import SATURDAY, SUNDAY, THURSDAY, TUESDAY
from tests.factories import DropFactory, OpeningFactory, PictureFactory
from tests.loyalty.pictures.drawn import drawn
from tests.support.pages import text

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true"}


def openings_of(drop):
    return [(each.audience, each.at) for each in drop.openings.all()]


# --- From new to live -----------------------------------------------------------------------------


def test_it_works(*, ingrid, at, typed, vera, reserve):
    page = text(ingrid.post(at("add_drop"), typed(schedule="yes"), follow=True))

    assert "Cinnamon buns is scheduled." in page
    assert "People you picked: Thu 09:00 · Everyone: Sat 09:00" in page
    made = Drop.objects.get()
    assert at("unschedule_drop", made.pk) in page  # Undo
    assert (made.quantity, made.per_member, made.collect_by) == (24, 1, SUNDAY)
    assert openings_of(made) == [("picked", THURSDAY), ("everybody", SATURDAY)]

    with clock.at(THURSDAY):
        reserve(made, vera)
        page = text(ingrid.get(at("live", made.pk)))
    assert "1 of 24 reserved, 23 left." in page
    assert "Vera" in page
    assert "Kept until Sun 17:00" in page


def test_a_new_page_begins_with_tomorrow_and_two_days_later(ingrid, at):
    form = ingrid.get(at("add_drop")).context["form"]

    assert str(form["first_on"].value()) == "2027-03-03"
    assert str(form["everyone_on"].value()) == "2027-03-05"
    assert (form["first_at"].value(), form["first_to"].value()) == (
        form["everyone_at"].value(),
        "segment:regulars",
    )


def test_a_level_is_proposed_first_and_the_base_is_none(ingrid, at, in_shop, typed):
    ladder = Ladder.objects.create(shop=in_shop)
    base, silver, gold = (
        Tier.objects.create(shop=in_shop, ladder=ladder, name=name, threshold=n)
        for name, n in (("Bronze", 0), ("Silver", 5), ("Gold", 20))
    )

    form = ingrid.get(at("add_drop")).context["form"]
    assert form["first_to"].value() == f"tier:{gold.pk}"
    page = text(ingrid.get(at("add_drop")))
    assert "Silver and above" in page
    assert "Bronze" not in page

    two = {"second_to": f"tier:{silver.pk}", "second_on": "2027-03-05", "second_at": "09:00"}
    ingrid.post(at("add_drop"), typed(first_to=f"tier:{gold.pk}", **two))
    assert [each.tier for each in Opening.objects.all()] == [gold, silver, None]
    assert base not in [each.tier for each in Opening.objects.all()]


def test_as_a_draft_nobody_sees_it(ingrid, at, typed):
    page = text(ingrid.post(at("add_drop"), typed(), follow=True))

    assert "Cinnamon buns is a draft. Nobody sees it." in page
    assert Drop.objects.get().scheduled_at is None


def test_asked_twice_there_is_one(ingrid, at, typed):
    data = typed(schedule="yes")
    for _tap in range(2):
        assert ingrid.post(at("add_drop"), data).url == at("early")

    assert Drop.objects.get().scheduled_at == TUESDAY


def test_an_event_asks_for_its_own(ingrid, at, evening):
    ingrid.post(at("add_drop"), evening(schedule="yes", collect_on="never", hold_hours="x"))

    made = Drop.objects.get()
    assert (made.kind, made.place, made.quantity) == ("event", "Storgata 1", 24)
    assert made.starts_at == datetime(2027, 3, 13, 17, 0, tzinfo=UTC)
    assert made.reply_by == datetime(2027, 3, 12, 17, 0, tzinfo=UTC)
    assert (made.collect_by, made.hold_hours) == (None, None)


def test_a_sale_is_only_open(ingrid, at, typed):
    data = typed(kind="sale", ends_on="2027-03-08", ends_at="18:00", general="never")
    ingrid.post(at("add_drop"), {**data, "everyone_on": "", "everyone_at": ""})

    made = Drop.objects.get()
    assert (made.quantity, made.collect_by) == (None, None)
    assert made.ends_at == made.over_at == datetime(2027, 3, 8, 17, 0, tzinfo=UTC)
    assert openings_of(made) == [("picked", THURSDAY)]


def test_the_best_customers_are_so_many_of_so_many_days(ingrid, at, typed):
    ingrid.post(at("add_drop"), typed(first_to="top", first_top="20", first_top_days="90"))

    assert Opening.objects.filter(audience="top", top=20, top_days=90).exists()


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed_in", "more", "says"),
    [
        ("kind", "yacht", {}, "Choose one."),
        ("name", "", {}, "Type a name."),
        ("name", "x" * 51, {}, "Use 50 letters at most."),
        ("text", "x" * 201, {}, "Use 200 letters at most."),
        ("price", "x" * 51, {}, "Use 50 letters at most."),
        ("quantity", "0", {}, "Type at least 1."),
        ("quantity", "", {"kind": "limited"}, "Say how many there are."),
        ("per_member", "", {"one_each": ""}, "Type a number."),
        ("per_member", "0", {"one_each": ""}, "Type 1 or more."),
        ("per_member", "25", {"one_each": ""}, "There are only 24."),
        ("first_to", "", {}, "Choose to whom it opens."),
        ("first_to", "tier:1", {}, "Choose to whom it opens."),
        ("first_top", "", {"first_to": "top", "first_top_days": "90"}, "Type a number."),
        ("first_top_days", "0", {"first_to": "top", "first_top": "9"}, "Type 1 or more."),
        ("first_on", "", {}, "Choose a day."),
        ("first_on", "0002-03-04", {}, "Check the year."),
        ("first_on", "2027-03-01", {}, "Choose a time that is still to come."),
        ("first_at", "", {}, "Type a time, like 09:00."),
        ("first_at", "nine", {}, "Type a time, like 09:00."),
        ("first_at", "02:30", {"first_on": "2027-03-28"}, "There is no 02:30 on 28 March"),
        ("second_to", "picked", {"second_on": "2027-03-04", "second_at": "09:00"}, "twice"),
        ("second_on", "", {"second_to": "top"}, "Choose a day."),
        ("general", "", {}, "Choose one."),
        ("everyone_on", "", {}, "Choose a day."),
        ("everyone_on", "2027-03-04", {}, "Let it open to everyone later"),
        ("everyone_at", "25:00", {}, "Type a time, like 09:00."),
        ("others", "everything", {}, "Choose one."),
        ("collect_on", "2027-03-05", {}, "Let it be collected until a time after"),
        ("collect_at", "", {}, "Type a time, like 09:00."),
        ("hold_hours", "0", {}, "Type at least 1."),
        ("ends_on", "2027-03-05", {"kind": "sale", "ends_at": "09:00"}, "Choose an end after"),
    ],
)
def test_what_can_not_be_is_refused_beside_its_field_and_kept(
    *, ingrid, at, typed, field, typed_in, more, says
):
    sent = typed(schedule="yes", **{**more, field: typed_in})
    answer = ingrid.post(at("add_drop"), sent)

    assert answer.status_code == 422
    form = answer.context["form"]
    assert says in " ".join(form.errors[field])
    assert escape(says) in text(answer)
    assert form[field].value() == typed_in
    assert form["name"].value() in ("Cinnamon buns", typed_in)
    assert not Drop.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed_in", "says"),
    [
        ("place", "", "Say where it takes place."),
        ("starts_on", "", "Choose a day."),
        ("ends_on", "2027-03-12", "Choose an end after the start"),
        ("reply_on", "2027-03-14", "Ask for answers before it starts."),
        ("everyone_on", "2027-03-13", "while they can still answer"),
    ],
)
def test_so_is_what_an_event_can_not_be(*, ingrid, at, evening, field, typed_in, says):
    answer = ingrid.post(at("add_drop"), evening(**{field: typed_in}))

    assert answer.status_code == 422
    assert says in " ".join(answer.context["form"].errors[field])
    assert not Drop.objects.exists()


def test_an_event_without_a_start_is_told_so(ingrid, at, evening):
    answer = ingrid.post(at("add_drop"), evening(starts_on="", starts_at=""))

    assert answer.context["form"].errors["starts_on"] == ["Say when it starts."]


def test_after_a_refusal_the_next_try_is_a_new_question(ingrid, at, typed):
    refused = ingrid.post(at("add_drop"), typed(quantity="0"))
    key = refused.context["form"]["key"].value()

    assert ingrid.post(at("add_drop"), typed(key=key)).status_code == 302


def test_markup_is_text(ingrid, at, typed):
    page = text(ingrid.post(at("add_drop"), typed(name="<b>Bun</b> 😀"), follow=True))

    assert "&lt;b&gt;Bun&lt;/b&gt; 😀" in page
    assert "<b>Bun</b>" not in page


# --- Changing it ----------------------------------------------------------------------------------


def test_a_page_that_is_saved_as_it_came_changes_nothing(ingrid, at, buns):
    before = openings_of(buns)
    form = ingrid.get(at("drop", buns.pk)).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in sent.items()}

    with clock.at(THURSDAY + timedelta(hours=1)):  # its first opening is no news
        assert ingrid.post(at("drop", buns.pk), sent).url == at("live", buns.pk)

    after = Drop.objects.values().get()
    assert after == {**after, "price": "149 kr", "quantity": 24, "collect_by": SUNDAY}
    assert openings_of(buns) == before


def test_an_hour_that_comes_twice_stays_the_one_it_was(ingrid, at, typed, in_shop):
    second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)  # 02:30 in Oslo, for the second time
    drop = DropFactory(shop=in_shop, scheduled_at=TUESDAY)
    OpeningFactory(drop=drop, audience="picked", at=second)

    night = typed(first_on="2027-10-31", first_at="02:30", general="never", name="Night buns")
    ingrid.post(at("drop", drop.pk), {**night, "collect_on": "", "collect_at": ""})

    assert Drop.objects.get().name == "Night buns"
    assert openings_of(drop) == [("picked", second)]


def test_fewer_than_are_reserved_can_not_be(*, ingrid, at, typed, buns, vera, maja, reserve):
    with clock.at(SATURDAY):
        for member in (vera, maja):
            reserve(buns, member)
        answer = ingrid.post(at("drop", buns.pk), typed(quantity="1"))

    assert answer.status_code == 422
    assert "2 are reserved already." in " ".join(answer.context["form"].errors["quantity"])


def test_what_it_is_stays_once_it_is_scheduled(ingrid, at, evening, buns):
    answer = ingrid.post(at("drop", buns.pk), evening())

    assert "kind" in answer.context["form"].errors


def test_a_draft_again_until_it_opens(ingrid, at, buns):
    page = text(ingrid.post(at("unschedule_drop", buns.pk), follow=True))
    assert "Cinnamon buns is a draft again. Nobody sees it." in page
    assert Drop.objects.get().scheduled_at is None

    form = ingrid.get(at("drop", buns.pk)).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    with clock.at(TUESDAY + timedelta(hours=1)):
        ingrid.post(at("drop", buns.pk), {**sent, "schedule": "yes"})
    assert Drop.objects.get().scheduled_at

    with clock.at(THURSDAY):
        page = text(ingrid.post(at("unschedule_drop", buns.pk), follow=True))
    assert "It has opened already." in page
    assert Drop.objects.get().scheduled_at


def test_the_same_next_week_is_a_new_one(ingrid, at, buns, in_shop):
    buns.picture = PictureFactory(shop=in_shop)
    buns.save()
    with clock.at(SUNDAY + timedelta(days=1)):
        page = ingrid.get(at("drop_again", buns.pk))
        form = page.context["form"]
        sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        kept = page.context["picture"]["kept"].value()
        ingrid.post(at("add_drop"), {**sent, "kept": kept})

    new = Drop.objects.latest("pk")
    assert new != buns
    assert (new.name, new.picture, new.left) == ("Cinnamon buns", buns.picture, 24)
    week = timedelta(days=7)
    assert openings_of(new) == [("picked", THURSDAY + week), ("everybody", SATURDAY + week)]
    assert new.collect_by == SUNDAY + week


def test_next_week_keeps_its_hour_when_the_clocks_change(ingrid, at, buns):
    with clock.at(datetime(2027, 3, 23, 9, 0, tzinfo=UTC)):
        form = ingrid.get(at("drop_again", buns.pk)).context["form"]

    assert (str(form["first_on"].value()), f"{form['first_at'].value():%H:%M}") == (
        "2027-03-25",
        "09:00",
    )
    assert f"{form['collect_on'].value()} {form['collect_at'].value():%H:%M}" == "2027-03-28 17:00"


# --- Its picture, and the preview -----------------------------------------------------------------


def file(data=None):
    return SimpleUploadedFile("buns.png", data or drawn("PNG"), "image/png")


def test_a_picture_comes_along_stays_and_goes(ingrid, at, typed):
    ingrid.post(at("add_drop"), typed(picture=file()))
    made = Drop.objects.get()
    assert made.picture.url in text(ingrid.get(at("early")))

    kept = ingrid.get(at("drop", made.pk)).context["picture"]["kept"].value()
    ingrid.post(at("drop", made.pk), typed(kept=kept))
    assert Picture.objects.get() == made.picture

    ingrid.post(at("drop", made.pk), {**typed(kept=kept), "picture-clear": "on"})
    assert not Picture.objects.exists()


def test_what_is_no_picture_is_refused(ingrid, at, typed):
    answer = ingrid.post(at("add_drop"), typed(picture=file(b"GIF89a")))

    assert answer.status_code == 422
    assert "Choose a picture (PNG, JPEG or WebP)." in text(answer)
    assert not Drop.objects.exists()


def test_the_preview_says_to_how_many_it_opens(ingrid, at, typed, vera):
    page = text(ingrid.post(at("preview_new_drop"), typed(), headers=HTMX))

    assert "Opens to 1 member Thursday 09:00." in page
    assert "Opens to everyone Saturday 09:00." in page
    assert "Opens to you Thu 09:00, to everyone Sat 09:00." in page  # as one of them reads it
    assert "Reserve one" in page
    assert "It is kept for you until Sunday 17:00." in page
    assert not Drop.objects.exists()


def test_and_warns_where_nobody_would_get_in(ingrid, at, typed):
    nobody = text(ingrid.post(at("preview_new_drop"), typed(), headers=HTMX))
    assert "You have picked nobody yet." in nobody

    regulars = typed(first_to="segment:regulars")
    nobody = text(ingrid.post(at("preview_new_drop"), regulars, headers=HTMX))
    assert "Nobody is in this group today." in nobody
    assert Membership.objects.count() == 0


def test_what_never_opens_to_everyone_teases_nobody(ingrid, at, typed, vera):
    page = text(ingrid.post(at("preview_new_drop"), typed(general="never"), headers=HTMX))

    assert "They see nothing." in page
    assert "Opens to everyone" not in page


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"everyone_on": "2027-03-04"}, "Let it open to everyone later"),
        ({"first_on": "2027-03-01"}, "Choose a time that is still to come."),
    ],
)
def test_the_preview_says_what_can_not_be(ingrid, at, typed, more, says):
    assert says in text(ingrid.post(at("preview_new_drop"), typed(**more), headers=HTMX))


def test_while_something_is_half_typed_the_preview_stays(ingrid, at, typed, buns):
    for address in (at("preview_new_drop"), at("preview_drop", buns.pk)):
        assert ingrid.post(address, typed(name=""), headers=HTMX).status_code == 204


def test_without_script_the_preview_is_the_page(ingrid, at, typed, buns):
    page = text(ingrid.post(at("preview_drop", buns.pk), typed(others="nothing")))

    assert "They see nothing." in page
    assert "<form" in page


def test_a_chosen_picture_is_in_the_preview(ingrid, at, typed):
    page = text(ingrid.post(at("preview_new_drop"), typed(picture=file()), headers=HTMX))

    assert Picture.objects.get().url in page
