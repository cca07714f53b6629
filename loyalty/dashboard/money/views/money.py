"""What the programme costs: owed today, spent so far, and in a month to come."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from loyalty import access, clock, money
from loyalty.dashboard.money import givings, owed, spent, statement, words
from loyalty.dashboard.money.forms import ForecastForm
from loyalty.dashboard.pages import page
from loyalty.models import Role

MANAGER = Role.Level.MANAGER


@require_safe
def costs(request: HttpRequest, shop: str) -> HttpResponse:
    """Three answers on one page, each with how it was reckoned. Nothing is kept."""
    role = access.role_for(request, shop, level=MANAGER)
    shop_, now = role.shop, clock.now()
    usual = spent.typical_month(shop_, now)
    form = ForecastForm(request.GET, shop=shop_, usual=usual)
    wanted = givings.forecast(shop_, form.month(), now)
    planned = wanted if form.month() == usual else givings.forecast(shop_, usual, now)
    months = spent.months_of(shop_, now)
    so_far, outstanding = spent.together(months), statement.outstanding(shop_, now)
    return page(
        request,
        role,
        "owner/money.html",
        nav="more",
        status=422 if form.errors else 200,
        form=form,
        total=money.shown(sum(each.minor for each in outstanding), shop_.currency),
        outstanding=outstanding,
        ends=words.ends_lines(owed.by_month(shop_, now), shop_),
        sentence=words.cost_sentence(so_far, planned.share, shop_),
        facts=list(words.cost_facts(so_far, shop_)),
        chart=words.cost_chart(months, shop_),
        forecast=words.forecast_sentence(wanted, shop_),
        margin=words.margin_sentence(wanted, shop_),
        givings=words.giving_lines(wanted, shop_),
    )
