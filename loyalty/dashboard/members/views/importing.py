"""Balances from before, out of a file of the owner's: looked at first, then brought in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import access
from loyalty.dashboard.members import brought
from loyalty.dashboard.members.opening_forms import OpeningForm
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.printkit import paper
from loyalty.dashboard.printkit.printing import as_pdf
from loyalty.downloads import csv_file
from loyalty.models import Role
from loyalty.refusals import Refused
from members.models import Membership, Programme
from members.opening import operations
from members.opening.models import OpeningFile, OpeningLine
from members.opening.reading import MOST_LINES

OWNER = Role.Level.OWNER
CARDS_A_FILE = 100  # ten sheets


@require_http_methods(["GET", "HEAD", "POST"])
def import_members(request: HttpRequest, shop: str) -> HttpResponse:
    """Choose a file; what it says is looked at, and nothing is booked."""
    role = access.role_for(request, shop, level=OWNER)
    sent = request.method == "POST"
    form = OpeningForm(request.POST, request.FILES) if sent else OpeningForm()
    if form.is_valid():
        actor = access.owner_of(request, role.shop)
        try:
            file = operations.look_at(upload=form.cleaned_data["file"], actor=actor)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("owner:import_file", shop, file.pk)
    return page(
        request,
        role,
        "owner/members/import.html",
        nav="members",
        status=422 if form.errors else 200,
        form=form,
        programmes=list(Programme.objects.on().in_order()),
        latest=OpeningFile.objects.filter(asked_at__isnull=False).order_by("-pk")[:5],
        most=MOST_LINES,
    )


@require_safe
def import_file(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """What would come of each line; afterwards, what came of it."""
    role = access.role_for(request, shop, level=OWNER)
    file = access.of_shop(role.shop, OpeningFile.objects.all(), pk=pk)
    counts = brought.counts_of(file)
    show = request.GET.get("show", "")
    if show != brought.REFUSED and not counts.good:
        show = brought.REFUSED
    shown, rows = brought.page_of(file, show, request.GET.get("page", ""))
    return page(
        request,
        role,
        "owner/members/import_file.html",
        nav="members",
        file=file,
        counts=counts,
        show=show,
        shown=shown,
        rows=rows,
        sheets=range(1, -(-counts.cards // CARDS_A_FILE) + 1),
    )


@form_of("import_file", "pk")
def bring_in(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Book what waits. A second tap changes nothing."""
    role = access.role_for(request, shop, level=OWNER)
    file = access.of_shop(role.shop, OpeningFile.objects.select_related("shop"), pk=pk)
    operations.bring_all_in(file=file, actor=access.owner_of(request, role.shop))
    return redirect("owner:import_file", shop, pk)


@form_of("import_file", "pk")
def discard_file(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Another file, then. Nothing of this one is kept, unless it was brought in meanwhile."""
    role = access.role_for(request, shop, level=OWNER)
    if not operations.discard(access.of_shop(role.shop, OpeningFile.objects.all(), pk=pk)):
        return redirect("owner:import_file", shop, pk)
    said(request, _("The file is thrown away. Nothing was brought in."))
    return redirect("owner:import_members", shop)


@require_safe
def import_report(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Every line with what came of it."""
    role = access.role_for(request, shop, level=OWNER)
    file = access.of_shop(role.shop, OpeningFile.objects.select_related("shop"), pk=pk)
    return csv_file(f"{shop}-import-{file.pk}.csv", brought.report(file))


@require_safe
def import_cards(request: HttpRequest, shop: str, pk: int, number: int) -> HttpResponse:
    """The cards that were made, ten to a sheet and ten sheets to a file, while nobody has them."""
    role = access.role_for(request, shop, level=OWNER)
    file = access.of_shop(role.shop, OpeningFile.objects.all(), pk=pk)
    if not 1 <= number <= MOST_LINES:
        raise Http404
    made = (
        OpeningLine.objects.brought_in()
        .filter(file=file, made=True)
        .order_by("number")
        .values_list("membership")
    )
    first = (number - 1) * CARDS_A_FILE
    some = [card for (card,) in made[first : first + CARDS_A_FILE]]
    cards = Membership.objects.current().filter(pk__in=some, unclaimed=True).order_by("pk")
    if not cards:
        raise Http404
    needs = {"sheets": paper.sheets_for(role.shop, list(cards))}
    return as_pdf(request, role.shop, "print/cards_of_members.html", needs, name=f"cards-{number}")
