"""Everybody with a sign-in: owners, their staff, and customers who saved their card."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from loyalty import clock


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str | None, password: str | None = None, **more: Any) -> "Person":
        """A new person. Without a password they sign in by mailed code."""
        person = self.model(email=tidy_email(email), created_at=clock.now(), **more)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **more: Any) -> "Person":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **more)

    def get_by_natural_key(self, email: str | None) -> "Person":
        return self.get(email=tidy_email(email))


class Person(AbstractBaseUser, PermissionsMixin):
    """One sign-in over all shops. A customer needs none."""

    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    name = models.CharField(_("first name"), max_length=60, blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, blank=True)
    is_staff = models.BooleanField("runs the platform", default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name or self.email or f"person {self.pk}"

    def clean(self) -> None:
        self.email = tidy_email(self.email)


def tidy_email(email: str | None) -> str | None:
    """One account per address: letter case and outer spaces do not make another."""
    return email.strip().lower() if email and email.strip() else None


def masked(email: str | None) -> str:
    """maja@… is enough to know an address by, and tells nobody else."""
    return f"{(email or '').partition('@')[0]}@…"
