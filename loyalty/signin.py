"""Signing in with six digits sent by mail: one way for owners, staff and customers.

Whoever asks gets the same answer, whether we know the address or not (promise S4): the same
page, the same mail, the same statements. Nobody learns here who has an account.
"""

from typing import Any, TypedDict

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import EmailAddress
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.account.views import ConfirmLoginCodeView
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from loyalty.forms import EmailForm, MailedCodeForm
from loyalty.models import Person
from loyalty.models.people import tidy_email
from loyalty.security import events

ASKED = "signin"  # where the session remembers what was asked
CODE_PAGE = "account_confirm_login_code"


class Asked(TypedDict):
    """A code somebody asked for: for which address, where they go with it, where they were."""

    email: str
    then: str
    back: str


def send_code(
    request: HttpRequest, *, email: str, then: str, back: str | None = None
) -> HttpResponse:
    """Mail a code to this address and go to the page that asks for it.

    With the right code the browser is signed in and goes to `then`, a path of ours. "Use another
    e-mail" and too many tries lead to `back`, by default the page that was posted to. Whoever is
    signed in with this very address has proved it and goes on at once.
    """
    if request.user.is_authenticated:
        if request.user.email == tidy_email(email):
            return redirect(then)
        logout(request)
    asked: Asked = {"email": tidy_email(email) or "", "then": then, "back": back or request.path}
    request.session[ASKED] = asked
    return redirect(CODE_PAGE if _mail_code(request, asked["email"]) else asked["back"])


def sign_in_page(then: str) -> str:
    """The address of the ordinary sign-in page, which leads to `then`."""
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': then})}"


def typed_email(request: HttpRequest) -> str:
    """The address typed last, so that going back does not mean typing it again."""
    asked: Asked | None = request.session.get(ASKED)
    return asked["email"] if asked else ""


@never_cache
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """E-mail in, code out: the ordinary sign-in page."""
    then = _where_to(request)
    if request.user.is_authenticated:
        return redirect(then)
    form = EmailForm(request.POST or None, initial={"email": typed_email(request)})
    if request.method == "POST" and form.is_valid():
        back = request.get_full_path()
        return send_code(request, email=form.cleaned_data["email"], then=then, back=back)
    context = {"form": form, "then": then}
    return render(request, "account/login.html", context, status=422 if form.errors else 200)


@method_decorator([never_cache, login_not_required], name="dispatch")
class ConfirmCode(ConfirmLoginCodeView):
    """The page that asks for the six digits: allauth's, with our words for what can go wrong."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked: Asked | None = request.session.get(ASKED)
        if request.user.is_authenticated:  # a second tap on Continue, or the back button
            return redirect(asked["then"] if asked else settings.LOGIN_REDIRECT_URL)
        if asked is None:
            return redirect("account_login")
        self.asked = asked
        if request.method == "POST" and request.POST.get("action") == "resend":
            return self.send_another(_("We have sent a new code."))
        if _has_run_out(request):
            if request.method == "POST":
                return self.send_another(_("That code has run out. We have sent a new one."))
            return self.page(MailedCodeForm())
        return super().dispatch(request, *args, **kwargs)

    def get_next_url(self) -> str:
        return self.asked["then"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page(self.get_form())

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """The right code proves the address, so allauth need not send another to verify it."""
        person = self._process.user
        EmailAddress.objects.get_or_create(
            user=person,
            email=self._process.state["email"],
            defaults={"primary": not person.emailaddress_set.exists(), "verified": True},
        )
        return super().form_valid(form)

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        too_many = form.has_error("code", "too_many_login_attempts")
        if not too_many and not form.has_error("code", "incorrect_code"):
            return self.page(form)  # nothing was tried yet
        events.note(self.request, "a wrong code was typed", person=self._process.user.pk)
        if not self._process.record_invalid_attempt() or too_many:
            messages.error(self.request, get_adapter().error_messages["too_many_login_attempts"])
            return redirect(self.asked["back"])
        left = self._process.max_attempts - self._process.state["failed_attempts"]
        form.errors["code"] = form.error_class(
            [
                ngettext(
                    "That code does not match. Check the newest e-mail. %(n)d try left.",
                    "That code does not match. Check the newest e-mail. %(n)d tries left.",
                    left,
                )
                % {"n": left}
            ]
        )
        return self.page(form)

    def send_another(self, said: str) -> HttpResponse:
        """A new code with new time and new tries. If that is too many, the old one stays good."""
        if _mail_code(self.request, self.asked["email"]):
            messages.success(self.request, said)
        return redirect(CODE_PAGE)

    def page(self, form: BaseForm) -> HttpResponse:
        context = {"form": form, "email": self.asked["email"], "back": self.asked["back"]}
        status = 422 if form.errors else 200
        return render(self.request, "account/confirm_login_code.html", context, status=status)


def _mail_code(request: HttpRequest, email: str) -> bool:
    """Mail a code, unless too many were asked for: then say so."""
    # Not through allauth's form, which looks a known address up with fewer statements.
    if not ratelimit.consume(request, action="request_login_code", key=email):
        events.note(request, "too many codes were asked for")
        messages.error(request, get_adapter().error_messages["too_many_login_attempts"])
        return False
    with transaction.atomic():  # the mail is a row: no person without it, no row without a person
        LoginCodeVerificationProcess.initiate(request=request, user=_met(email), email=email)
    return True


def _met(email: str) -> Person:
    """The person with this address, made if there is none: the same statements either way."""
    proved = EmailAddress.objects.filter(email=email, verified=True)
    main = Person.objects.filter(pk__in=proved.values("user")).values_list("email", flat=True)
    address: str = main.first() or email
    newcomer = Person(email=address, language=translation.get_language() or "")
    newcomer.set_unusable_password()
    Person.objects.bulk_create([newcomer], ignore_conflicts=True)
    return Person.objects.get(email=address)


def _has_run_out(request: HttpRequest) -> bool:
    """Is the code too old? allauth forgets the whole sign-in after a while; then it is, too."""
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    return stage is None or not LoginCodeVerificationProcess(stage=stage).is_valid()


def _where_to(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    return wanted if get_adapter().is_safe_url(wanted) else resolve_url(settings.LOGIN_REDIRECT_URL)
