"""Our own sign-in pages, under allauth's addresses and names, before allauth's."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView

from loyalty import signin

# Nobody signs up here: an owner opens a shop, a customer takes a card.
sign_up = login_not_required(RedirectView.as_view(pattern_name="start:begin"))

urlpatterns = [
    path("login/", signin.sign_in, name="account_login"),
    path("login/code/", signin.sign_in, name="account_request_login_code"),
    path("login/code/confirm/", signin.ConfirmCode.as_view(), name=signin.CODE_PAGE),
    path("signup/", sign_up, name="account_signup"),
]
