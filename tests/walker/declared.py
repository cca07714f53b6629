"""How to ask every address for something of another shop's. An address that is not here fails."""

from dataclasses import replace
from typing import Any

from tests.walker.addresses import (
    NOBODYS,
    SIGN_IN,
    Address,
    bearer,
    forged,
    guess,
    of_codes,
    of_friends,
    public,
    with_a_card_of_theirs,
)
from tests.walker.declared_owners import OWNERS
from tests.walker.world import Target

DECLARED: dict[str, Address] = {
    # The front, and starting a shop
    "front": NOBODYS,
    "front_nb": NOBODYS,
    "front_da": NOBODYS,
    "privacy": NOBODYS,
    "help": NOBODYS,
    "accessibility": NOBODYS,
    "set_language": NOBODYS,
    "livez": NOBODYS,
    "readyz": NOBODYS,
    "demo_sign_in": Address(lambda other, own: [{"link": f"{other.owner.pk}:1uXx2k:forged"}]),
    **{
        f"start:{name}": NOBODYS
        for name in ("begin", "trade", "card", "preview", "rules", "ready", "start", "new_code")
    },
    "start:counter_state": NOBODYS,
    "start:stamp_state": NOBODYS,
    "start:colour": Address(lambda other, own: [{"colour": "7b3f2a"}]),
    # The owner's pages
    **OWNERS,
    # What customers see of a shop
    "join:join": public(joins=True),
    "join:rules": public(),
    "join:share_picture": Address(
        lambda other, own: [{"shop": other.shop.slug, "language": "nb", "version": "1"}], shows=True
    ),
    "join:privacy": public(),
    "join:have_card": public(),
    "join:found": public(),
    "brand": Address(lambda other, own: [{"shop": other.shop.slug, "version": "1"}], shows=True),
    "picture": Address(lambda other, own: [{"name": other.picture.name}], shows=True),
    # A card
    "card:find": NOBODYS,
    "card:own": NOBODYS,
    "clubs": NOBODYS,
    "delete_account": NOBODYS,
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
    **{f"my_data:{name}": bearer() for name in ("data", "download", "delete", "bring_back")},
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
            "account_again",
            "account_protect",
            "account_devices",
            "account_end_other_sessions",
        ],
        SIGN_IN,
    ),
    "no_password": replace(SIGN_IN, arguments=lambda other, own: [{"page": "reset/"}]),
    "account_end_session": replace(SIGN_IN, arguments=lambda other, own: [{"pk": 1}]),
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
        "why": "For the books",
        "name": "Changed by a stranger",
        "next": "/",
        "language": "nb",
    }
