"""A member: who they are, what happened on their card, and setting it right."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from loyalty import access, clock, phones
from loyalty.dashboard import outcomes
from loyalty.dashboard.members import gone, record, register, two_cards
from loyalty.dashboard.members.forms import CorrectForm, NoteForm, TakeBackForm
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.programme import early
from loyalty.dashboard.programme.levels import level_of
from loyalty.forms import KeyedForm
from loyalty.models import Role
from loyalty.refusals import Refused
from members.adjusting import AdjustNeedsReason, AdjustOutOfBounds, adjust_balance
from members.ledger.models import Operation
from members.ledger.refusals import AlreadySpent, NotEnough
from members.models import Consent, Membership, Programme
from members.operations import void
from stampcards.counter import telling

MANAGER = Role.Level.MANAGER
FIELDS = {NotEnough: "amount", AdjustOutOfBounds: "amount", AdjustNeedsReason: "reason"}


@require_safe
def member(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """One member: contact, standings, and everything that happened."""
    role = access.role_for(request, shop, level=MANAGER)
    return member_page(request, role, card_of(role, pk))


@form_of("member", "pk")
def take_back(request: HttpRequest, shop: str, pk: int, operation: int) -> HttpResponse:
    """A refund or a mistake: what was earned is gone, also if it was spent since."""
    role = access.role_for(request, shop, level=MANAGER)
    card = card_of(role, pk)
    undone = access.of_shop(role.shop, Operation.objects.filter(membership=card), pk=operation)
    form = TakeBackForm(request.POST, of=undone)
    if form.is_valid():
        actor = access.owner_of(request, role.shop)
        try:
            void(membership=card, undone=undone, actor=actor, **form.cleaned_data)
        except AlreadySpent:
            form.refuse(outcomes.LaterFirst())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said(request, outcomes.taken_back(form.cleaned_data["key"]))
            return redirect("owner:member", shop, pk)
    return member_page(request, role, card, status=422, refused=form)


@form_of("member", "pk")
def correct_balance(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Add to a balance or take from it, for a reason."""
    role = access.role_for(request, shop, level=MANAGER)
    card = card_of(role, pk)
    form = CorrectForm(request.POST, programmes=programmes_of(role))
    if form.is_valid():
        actor = access.owner_of(request, role.shop)
        try:
            answer = adjust_balance(membership=card, actor=actor, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal, FIELDS.get(type(refusal)))
        else:
            said(request, outcomes.corrected(card, answer))
            return redirect("owner:member", shop, pk)
    return member_page(request, role, card, status=422, correct=form)


def card_of(role: Role, pk: int) -> Membership:
    cards = Membership.objects.select_related("person", "merged_into")
    card = access.of_shop(role.shop, cards, pk=pk)
    card.shop = role.shop
    return card


def in_use(card: Membership) -> Membership:
    """404: it became part of another card, or was deleted."""
    if card.merged_into_id or card.leaving_since:
        raise Http404
    return card


def programmes_of(role: Role) -> Any:
    """What can be corrected."""
    return Programme.objects.on().filter(shop=role.shop).in_order()


def member_page(
    request: HttpRequest,
    role: Role,
    card: Membership,
    *,
    status: int = 200,
    refused: TakeBackForm | None = None,
    correct: CorrectForm | None = None,
    note: NoteForm | None = None,
) -> HttpResponse:
    """The page with its empty forms, or with the one that was just refused."""
    if deleted := gone.of(card):
        template = "owner/members/gone.html"
        return page(request, role, template, nav="members", status=status, card=card, gone=deleted)
    history, lines = record.page_of(card, request.GET.get("page", ""), clock.now(), refused)
    correct = correct or CorrectForm(programmes=programmes_of(role))
    can_correct = correct.has_something and not card.merged_into
    if refused and not any(line.form == refused for line in lines):
        say_why(request, refused)
    if not can_correct:
        say_why(request, correct)
    return page(
        request,
        role,
        "owner/members/member.html",
        nav="members",
        status=status,
        card=card,
        name=telling.name_of(card),
        phone=phones.shown(card.phone, role.shop.country),
        became=card.became if card.merged_into else None,
        parts=two_cards.parts_of(card, clock.now()),
        part_form=KeyedForm(auto_id="part_%s"),
        standings=register.standings(card),
        level=level_of(card),
        visits=register.visits_of(card).count(),
        consents=Consent.objects.filter(membership=card).order_by("-pk"),
        correct=correct if can_correct else None,
        can_change=not card.merged_into,
        note=note or NoteForm(initial={"note": card.note}),
        code_form=KeyedForm(auto_id="code_%s"),
        picks=early.picks_of(card),
        pick_form=KeyedForm(auto_id="pick_%s"),
        history=history,
        lines=lines,
    )


def say_why(request: HttpRequest, form: KeyedForm) -> None:
    """A form that stands nowhere on the page any more still says why it was refused."""
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
