"""A third kind of programme: a bead on a string for every visit, and nothing to win.

Written by README's "Adding a programme kind" alone: this module, its templates, and one line in
PROGRAMME_KINDS. Whatever else it needed would be a promise the README does not keep.
"""

from loyalty.actors import Actor
from members import visits
from members.giving import GivingForm
from members.ledger import accounts, posting
from members.ledger.models import Account, LedgerEntry
from members.paper.operations import stored
from members.refusals import closed
from members.rooms import News, Panel
from members.visits import Purchase

EARN = LedgerEntry.Kind.EARN
DEEDS = ("thread_bead",)


@posting.operation("thread_bead")
def thread_bead(op, *, membership, programme, key, actor):
    """One bead. Refused: CardIsAnother, NotStarted, ProgrammePaused."""
    visits.must_be_in_use(op, membership)
    if shut := closed(programme, op.shop, op.occurred_at):
        raise shut
    return thread(op, membership, programme)


def thread(op, membership, programme):
    account = accounts.find(op, membership, programme)
    visit = visits.note(op, membership, Purchase())
    posting.post(op, posting.Line(account, EARN, 1, qualifying=1, visit=visit))
    part = {"kind": "beads", "programme": programme.pk, "after": account.balance}
    return {"also": [part, *visits.follow(op, visit, Purchase())]}


def counter_form(account, data):
    return GivingForm(data)


def give(account, form, actor: Actor):
    key = form.cleaned_data["key"]
    card = account.membership
    if card.pk is None:
        card = stored(card, key=key, actor=actor)
    return thread_bead(membership=card, programme=account.programme, key=key, actor=actor)


def book(op, membership, programme, form):
    return thread(op, membership, programme)


def counter_sheet(account, now):
    needs = {
        "facts": words(account.balance),
        "form": GivingForm(initial={"programme": account.programme_id}),
        "closed": closed(account.programme, account.shop),
        "last": None,
    }
    return Panel("beads/sheet.html", needs)


def saving_panel(programme, now):
    if closed(programme, programme.shop):
        return None
    form = GivingForm(initial={"programme": programme.pk})
    return Panel("beads/saving.html", {"form": form, "name": programme.name})


def words(n):
    return "1 bead" if n == 1 else f"{n} beads"


def asked_words(version, form):
    return words(1)


def told(part):
    return f"1 bead. Now {words(part['after'])}."


def deed(part):
    return words(1)


def card_panel(account, *, new=0, latest_reason=""):
    return Panel("beads/string.html", {"words": words(account.balance)})


def standing(account):
    return words(account.balance)


def nearest(account):
    return ""


def good_to_know(account):
    return ["A bead for every visit"]


def news(account, entries):
    return News(f"A new bead: {words(account.balance)}.", card_panel(account))


def history_words(entry):
    return "A bead"


def amount_words(version, n):
    return words(n)


def headline(shop, version):
    return "A bead for every visit"


def small_print(shop, version):
    return ""


def invitation(shop, version):
    return "Free to join."


def joining_panel(shop, programme, version):
    return Panel("beads/string.html", {"words": words(0)})


def prizes(shop, programme, version):
    return []


def rules_lines(shop, version):
    return ["You get a bead for every visit."]


def rules_for_more(account, at):
    return accounts.newest_rules(account.programme, at)


def nearly_there(programme, now):
    return Account.objects.none()


def lasts_until(version, day):
    return None


def outstanding_minor(programme, now):
    return 0


def reckoning(programme, now):
    return "Beads are worth nothing."


def givings(programme, busy, now):
    return []
