"""Our own sign-in pages, under allauth's addresses and names, before allauth's."""

from allauth.account.views import email
from django.contrib.auth.decorators import login_not_required
from django.urls import path, reverse_lazy
from django.views.generic import RedirectView

from loyalty import signin
from loyalty.security import devices, lately, views

# Nobody signs up here: an owner opens a shop, a customer takes a card.
sign_up = login_not_required(RedirectView.as_view(pattern_name="start:begin"))
# allauth has three pages where we have one.
no_password = RedirectView.as_view(url=reverse_lazy("account_devices"))
on_one_page = RedirectView.as_view(pattern_name="account_devices")

urlpatterns = [
    # Nobody has a password. What allauth offers for one would be doors that lead nowhere.
    path("password/<path:page>", no_password, name="no_password"),
    path("reauthenticate/", on_one_page, name="account_reauthenticate"),
    path("email/", lately.confirmed(email), name="account_email"),
    path("login/", signin.sign_in, name="account_login"),
    path("login/code/", signin.sign_in, name="account_request_login_code"),
    path("login/code/confirm/", signin.ConfirmCode.as_view(), name=signin.CODE_PAGE),
    path("signup/", sign_up, name="account_signup"),
    path("again/", lately.again, name="account_again"),
    path("protect/", views.protect, name="account_protect"),
    path("devices/", devices.devices, name="account_devices"),
    path("devices/<int:pk>/end/", devices.end_session, name="account_end_session"),
    path("devices/end/", devices.end_other_sessions, name="account_end_other_sessions"),
    path("sessions/", on_one_page, name="usersessions_list"),
    path("2fa/", on_one_page, name="mfa_index"),
    path("2fa/webauthn/", on_one_page, name="mfa_list_webauthn"),
    path("2fa/authenticate/", views.Authenticate.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", views.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", views.AddApp.as_view(), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", views.SignInWithPasskey.as_view(), name="mfa_login_webauthn"),
    path("2fa/recovery-codes/", views.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
]
