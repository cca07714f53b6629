"""What a stamp card shows of itself: on the card page, at the counter, in the rules."""

from datetime import datetime

from loyalty.models import Shop
from members.ledger.models import Account
from members.models import RuleVersion
from members.rooms import Panel
from stampcards import rules_text, trades
from stampcards.faces import CardFace
from stampcards.rules import StampRules


def card_panel(account: Account, *, new: int = 0) -> Panel:
    """The card itself. `new` stamps have just landed. Needs account.programme and rule_version."""
    return Panel("stampcards/_card.html", {"face": face_of(account, new=new)})


def counter_sheet(account: Account, now: datetime) -> Panel:
    """What staff see of an account, and the buttons to stamp it."""
    rules = StampRules.read(account.rule_version.rules)
    context = {"account": account, "rules": rules, "shop": account.shop}
    return Panel("counter/_stamps.html", context)


def rules_lines(shop: Shop, version: RuleVersion) -> list[str]:
    """The rules in plain sentences."""
    return rules_text.lines(shop, StampRules.read(version.rules))


def headline(shop: Shop, version: RuleVersion) -> str:
    """The promise in one line."""
    return trades.headline(shop.trade, StampRules.read(version.rules))


def preview(shop: Shop, name: str, rules: StampRules) -> CardFace:
    """A card nobody has yet, as it will look on the day somebody joins."""
    return CardFace(
        name=name,
        shop=shop.name,
        icon=trades.CARDS[trades.Trade(shop.trade)].icon,
        need=rules.need,
        done=rules.welcome,
        reward=rules.reward,
        promise=trades.headline(shop.trade, rules),
        id="preview",
    )


def face_of(account: Account, *, new: int = 0) -> CardFace:
    rules = StampRules.read(account.rule_version.rules)
    shop = account.shop
    return CardFace(
        name=account.programme.name,
        shop=shop.name,
        icon=trades.CARDS[trades.Trade(shop.trade)].icon,
        need=rules.need,
        done=account.balance,
        new=new,
        reward=rules.reward,
        restarted=account.cycle > 0 and account.balance == 0,
        id=f"card-{account.pk}",
    )
