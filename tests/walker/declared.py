"""How to ask every address for something of another shop's. An address that is not here fails.

`Theirs` is what belongs to the shop that is spied on: nobody from elsewhere may see or change
anything. `Public` shows what anybody may read about a shop. `Bearer` is opened by its address
alone, so what is tried are other people's things with a key of one's own, and guessed keys.
`Nobodys` knows no shop but the reader's own.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from members.messages.links import signed
from members.messages.operations import Purpose
from tests.walker.world import Target

Thing = Callable[[Target], Any]
Arguments = Callable[[Target, Target], list[dict[str, Any]]]


@dataclass(frozen=True)
class Address:
    """`arguments(theirs, ours)`: every set of arguments worth trying."""

    arguments: Arguments = lambda theirs, ours: [{}]
    shows: bool = False  # may show what is public about the other shop
    joins: bool = False  # may add a card to the other shop, as any customer may
    by: tuple[str, ...] = ()  # who tries; nobody named: everybody
    refuses: bool = False  # answers a signed-in stranger with 404, never 403 or a page


def theirs(**things: Thing) -> Address:
    """Below /o/: their shop; and where the address names a thing, theirs within our shop too."""

    def arguments(other: Target, own: Target) -> list[dict[str, Any]]:
        found = {name: thing(other) for name, thing in things.items()}
        shops = [other.shop, own.shop] if "pk" in things else [other.shop]
        return [{"shop": shop.slug, **found} for shop in shops]

    return Address(arguments, refuses=True)


def public(**more: Any) -> Address:
    return Address(lambda other, own: [{"shop": other.shop.slug}], shows=True, **more)


def bearer(**things: Thing) -> Address:
    """Below /m/: a guessed link, and with a card of our own the things of theirs."""

    def arguments(other: Target, own: Target) -> list[dict[str, Any]]:
        found = {name: thing(other) for name, thing in things.items()}
        links = [guess(other), *([own.member.private] if things else [])]
        return [{"private": link, **found} for link in links]

    return Address(arguments)


def guess(other: Target) -> str:
    """Their link with one letter wrong."""
    link = other.member.private
    return link[:-1] + ("A" if link[-1] != "A" else "B")


def forged(other: Target) -> list[str]:
    """Links that would stop their mail, signed by nobody."""
    link = signed(other.member, Purpose.NEWS)
    return [f"{other.member.pk}.news", f"{other.member.pk}.news:{link[-9:]}", link.swapcase()]


def of_codes(*, blank: bool = True) -> Address:
    """At a counter: their cards' codes. The answer may say whose card it is."""

    def arguments(other: Target, own: Target) -> list[dict[str, Any]]:
        found = [other.member.counter_code, other.member.short_code]
        found += [other.paper.counter_code, other.paper.short_code] if blank else []
        return [{"code": code} for code in found]

    return Address(arguments, shows=True)


def of_friends() -> Address:
    """What a member passes on: it leads to the join page of their shop."""
    return Address(lambda other, own: [{"code": other.member.friend_code}], shows=True, joins=True)


def with_a_card_of_theirs() -> Address:
    """At a counter: one card of ours and one of theirs, either way round."""

    def arguments(other: Target, own: Target) -> list[dict[str, Any]]:
        pair = own.member.counter_code, other.member.counter_code
        return [{"code": one, "other": two} for one, two in (pair, pair[::-1])]

    return Address(arguments, shows=True)


NOBODYS = Address()
SIGN_IN = Address(by=("visitor", "customer", "owner"))  # knows people, and no shop

DECLARED: dict[str, Address] = {
    # The front, and starting a shop
    "front": NOBODYS,
    "front_nb": NOBODYS,
    "front_da": NOBODYS,
    "privacy": NOBODYS,
    "help": NOBODYS,
    "accessibility": NOBODYS,
    "set_language": NOBODYS,
    "demo_sign_in": Address(lambda other, own: [{"link": f"{other.owner.pk}:1uXx2k:forged"}]),
    "start:begin": NOBODYS,
    "start:trade": NOBODYS,
    "start:card": NOBODYS,
    "start:preview": NOBODYS,
    "start:rules": NOBODYS,
    "start:ready": NOBODYS,
    "start:start": NOBODYS,
    "start:new_code": NOBODYS,
    "start:counter_state": NOBODYS,
    "start:stamp_state": NOBODYS,
    "start:colour": Address(lambda other, own: [{"colour": "7b3f2a"}]),
    # The owner's pages
    "owner:shops": NOBODYS,
    "owner:week": theirs(),
    "owner:open_counter": theirs(),
    "owner:programme": theirs(),
    "owner:card": theirs(pk=lambda other: other.programme.pk),
    "owner:card_preview": theirs(pk=lambda other: other.programme.pk),
    "owner:use_version": theirs(pk=lambda other: other.programme.pk, number=lambda other: 1),
    "owner:new_card": theirs(),
    "owner:new_card_preview": theirs(),
    "owner:points": theirs(),
    "owner:points_preview": theirs(),
    "owner:use_rules": theirs(number=lambda other: 1),
    "owner:take_rules_back": theirs(),
    "owner:pause": theirs(pk=lambda other: other.programme.pk),
    "owner:resume": theirs(pk=lambda other: other.programme.pk),
    "owner:switch_off": theirs(pk=lambda other: other.programme.pk),
    "owner:switch_on": theirs(pk=lambda other: other.programme.pk),
    "owner:saved_only": theirs(),
    "owner:to_all": theirs(),
    "owner:members": theirs(),
    "owner:segment": theirs(key=lambda other: "new"),
    "owner:member": theirs(pk=lambda other: other.member.pk),
    "owner:take_back": theirs(
        pk=lambda other: other.member.pk, operation=lambda other: other.operation.pk
    ),
    "owner:correct_balance": theirs(pk=lambda other: other.member.pk),
    "owner:messages": theirs(),
    "owner:posters": theirs(),
    "owner:code_picture": theirs(),
    "owner:make_cards": theirs(),
    "owner:cards_pdf": theirs(sheet=lambda other: other.paper.sheet),
    "owner:poster_pdf": theirs(kind=lambda other: "a4"),
    "owner:poster": theirs(kind=lambda other: "a4"),
    "owner:people": theirs(),
    "owner:add_staff": theirs(),
    "owner:dismiss": theirs(pk=lambda other: other.staff.pk),
    "owner:take_on_again": theirs(pk=lambda other: other.staff.pk),
    "owner:set_pin": theirs(pk=lambda other: other.staff.pk),
    "owner:remove_pin": theirs(pk=lambda other: other.staff.pk),
    "owner:rename_location": theirs(pk=lambda other: other.location.pk),
    "owner:add_counter": theirs(),
    "owner:pairing": theirs(pk=lambda other: other.offered.pk),
    "owner:revoke": theirs(pk=lambda other: other.counter.pk),
    "owner:bring_back": theirs(pk=lambda other: other.counter.pk),
    "owner:flags": theirs(),
    "owner:flags_off": theirs(),
    "owner:flags_on": theirs(),
    "owner:flag_settings": theirs(),
    "owner:opening_hours": theirs(pk=lambda other: other.location.pk),
    **{
        f"owner:{name}": theirs()
        for name in ("levels", "levels_preview", "levels_off", "levels_on")
    },
    **{
        f"owner:{name}": theirs()
        for name in ("birthday", "birthday_preview", "birthday_off", "birthday_on")
    },
    **{
        f"owner:{name}": theirs()
        for name in ("friends", "friends_preview", "friends_off", "friends_on")
    },
    "owner:rewards": theirs(),
    "owner:add_reward": theirs(),
    "owner:preview_new_reward": theirs(),
    "owner:take_idea": theirs(idea=lambda other: "gift"),
    "owner:reward": theirs(pk=lambda other: other.reward.pk),
    "owner:preview_reward": theirs(pk=lambda other: other.reward.pk),
    "owner:retire_reward": theirs(pk=lambda other: other.reward.pk),
    "owner:offer_reward_again": theirs(pk=lambda other: other.reward.pk),
    **{f"owner:{name}": theirs() for name in ("early", "add_drop", "preview_new_drop")},
    **{
        f"owner:{name}": theirs(pk=lambda other: other.drop.pk)
        for name in ("drop", "preview_drop", "live", "guest_list", "drop_again")
    },
    "owner:close_drop": theirs(pk=lambda other: other.drop.pk),
    "owner:unschedule_drop": theirs(pk=lambda other: other.drop.pk),
    "owner:pick_member": theirs(pk=lambda other: other.member.pk),
    "owner:unpick_member": theirs(pk=lambda other: other.member.pk),
    "owner:statement": theirs(),
    "owner:statement_csv": theirs(),
    "owner:late": theirs(),
    "owner:count_late": theirs(pk=lambda other: other.late.pk),
    "owner:leave_late": theirs(pk=lambda other: other.late.pk),
    "owner:put_late_back": theirs(pk=lambda other: other.late.pk),
    "owner:missing_seen": theirs(pk=lambda other: other.counter.pk),
    # What customers see of a shop
    "join:join": public(joins=True),
    "join:rules": public(),
    "join:have_card": public(),
    "join:found": public(),
    "brand": Address(lambda other, own: [{"shop": other.shop.slug, "version": "1"}], shows=True),
    "picture": Address(lambda other, own: [{"name": other.picture.name}], shows=True),
    # A card
    "card:find": NOBODYS,
    "card:own": NOBODYS,
    "clubs": NOBODYS,
    "card:card": Address(
        # The codes that staff and posters show open nothing here.
        lambda other, own: [
            {"private": code}
            for code in (guess(other), other.member.counter_code, other.member.short_code, "0")
        ]
    ),
    "card:code": bearer(),
    "card:print": bearer(),
    "card:qr": bearer(code=lambda other: other.member.counter_code),
    "card:now": bearer(),
    "card:history": bearer(),
    "card:expiring": bearer(),
    "card:name": bearer(),
    "card:settings": bearer(),
    "card:new_code": bearer(),
    "card:save": bearer(),
    "card:saved": bearer(token=lambda other: str(other.operation.key)),
    "messages:all": bearer(),
    "messages:got_it": bearer(pk=lambda other: other.message.pk),
    "messages:stop": Address(lambda other, own: [{"signed": link} for link in forged(other)]),
    "reward:show": bearer(pk=lambda other: other.claim.pk),
    "reward:use": bearer(pk=lambda other: other.claim.pk),
    "reward:now": bearer(pk=lambda other: other.used.pk),
    "levels:all": bearer(),
    "levels:ask": bearer(pk=lambda other: other.perk.pk),
    "catalogue:all": bearer(),
    "catalogue:reward": bearer(pk=lambda other: other.reward.pk),
    "catalogue:choose": bearer(pk=lambda other: other.claim.pk),
    "catalogue:cancel": bearer(pk=lambda other: other.claim.pk),
    "early:all": bearer(),
    **{
        f"early:{name}": bearer(pk=lambda other: other.drop.pk)
        for name in ("drop", "now", "calendar")
    },
    "friends:share": bearer(),
    "R/<str:code>": of_friends(),
    "friends:invitation": of_friends(),
    # The till
    "counter:home": Address(shows=True),  # a code of theirs, typed at our till
    "counter:pair": Address(lambda other, own: [{"once": guess(other)}]),
    "counter:leave": NOBODYS,
    "counter:card": of_codes(),
    "counter:stamp": of_codes(),
    "counter:points": of_codes(),
    "counter:reward": of_codes(),
    "counter:redeem": of_codes(),
    "counter:perk": of_codes(),
    "counter:show_code": of_codes(),
    "counter:undo_move": of_codes(),
    "counter:merge": of_codes(),
    "counter:merge_with": with_a_card_of_theirs(),
    "counter:last": NOBODYS,
    "counter:undo": Address(lambda other, own: [{"key": str(other.operation.key)}]),
    "counter:staff": NOBODYS,
    "counter:search": NOBODYS,
    "counter:new": NOBODYS,
    "counter:phone": NOBODYS,
    "counter:paper": NOBODYS,
    "counter:theme": NOBODYS,
    "counter:help": NOBODYS,
    "counter:shell": NOBODYS,
    "counter:queue": NOBODYS,
    "counter:worker": NOBODYS,
    "counter:manifest": NOBODYS,
    "S/<str:code>": of_codes(),
    "counter:code": of_codes(),
    "counter:move": of_codes(blank=False),  # a blank card makes whoever holds it a member
    # Signing in, and the reader's own sign-in
    **dict.fromkeys(
        [
            "account_login",
            "account_logout",
            "account_signup",
            "account_inactive",
            "account_reauthenticate",
            "account_email",
            "account_email_verification_sent",
            "account_change_password",
            "account_set_password",
            "account_reset_password",
            "account_confirm_login_code",
            "account_confirm_password_reset_code",
            "account_complete_password_reset",
            "account_password_reset_completed",
            "account_request_login_code",
            "mfa_index",
            "mfa_authenticate",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn",
            "mfa_login_webauthn",
            "usersessions_list",
        ],
        SIGN_IN,
    ),
    "mfa_remove_webauthn": replace(SIGN_IN, arguments=lambda other, own: [{"pk": 1}]),
    "mfa_edit_webauthn": replace(SIGN_IN, arguments=lambda other, own: [{"pk": 1}]),
}


def data_for(other: Target) -> dict[str, Any]:
    """One set of fields for every form: whatever it asks for, it gets a thing of theirs."""
    return {
        "count": "1",
        "programme": other.programme.pk,
        "claim": other.claim.pk,
        "reward": other.claim.pk,
        "offer": other.reward.pk,
        "perk": other.perk.pk,
        "kept": other.picture.name,
        "staff": other.staff.pk,
        "location": other.location.pk,
        "counter": other.counter.pk,
        "shop": other.shop.slug,
        "code": other.member.counter_code,
        "keep": other.member.counter_code,
        "again": "on",
        "amount": "5",
        "reason": "other",
        "name": "Changed by a stranger",
        "next": "/",
        "language": "nb",
    }
