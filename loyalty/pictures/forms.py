"""The field a picture is uploaded with."""

from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from loyalty.models import Shop
from loyalty.pictures.encoding import MOST_BYTES, Encoded, NotAPicture, TooManyPixels, encode
from loyalty.pictures.models import Picture
from loyalty.pictures.operations import keep_picture

CHOOSE = _("Choose a picture (PNG, JPEG or WebP).")


class PictureInput(forms.ClearableFileInput):
    """Shows the picture there is; where none is required, with a box to remove it.

    Both come from templates/bootstrap5/layout/field_file.html; this is the bare input.
    """

    template_name = "django/forms/widgets/file.html"
    clear_checkbox_label: Any = _("Remove picture")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/png,image/jpeg,image/webp", **(attrs or {})})

    def get_context(self, *args: Any) -> dict[str, Any]:
        context = super().get_context(*args)
        # Django's own template puts it on the box; ours would put it on the input.
        context["widget"]["checked"] = context["widget"]["attrs"].pop("checked")
        return context


class PictureField(forms.FileField):
    """A picture of at most 2 MB and 25 megapixels (12 as WebP).

    It hands on what shall be shown: a new one (Encoded, never the upload itself), the one there
    is (a Picture, as given in `initial`), or None.
    """

    widget = PictureInput
    default_error_messages = {
        "required": CHOOSE,
        "invalid": CHOOSE,
        "empty": CHOOSE,
        "heavy": _("That picture is too large. Choose one of at most 2 MB."),
        "huge": _("That picture is too large. Choose one of at most %(most)d megapixels."),
        "contradiction": _("Choose a new picture or remove the old one, not both."),
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Picture"))
        options.setdefault("help_text", _("PNG, JPEG or WebP, at most 2 MB."))
        super().__init__(**options)

    def clean(self, data: Any, initial: Picture | None = None) -> Encoded | Picture | None:
        return super().clean(data, initial) or None  # Django says False where it was removed

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        if upload is None:
            return None
        if upload.size > MOST_BYTES:
            raise self._wrong("heavy")
        try:
            return encode(upload.read())
        except TooManyPixels as pixels:
            raise self._wrong("huge", most=pixels.most) from None
        except NotAPicture:
            raise self._wrong("invalid") from None

    def _wrong(self, code: str, **values: int) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=values)


class PictureForm(forms.Form):
    """The picture of a thing, beside the thing's own form, and which one the page already shows.

    A picture chosen on a page that is then refused is kept as a row of its own, and `kept` brings
    its name back: nobody guesses a name, and only this shop's are found. Without a name the page
    showed none.
    """

    picture = PictureField(required=False)
    kept = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)

    @classmethod
    def of(cls, request: HttpRequest, shown: Picture | None) -> Self:
        """As sent, or as a page begins that shows `shown`."""
        if request.method != "POST":
            return cls.showing(shown)
        kept = request.POST.get("kept")
        if kept and kept.isprintable():  # PostgreSQL will not even be asked for a NUL
            shown = Picture.objects.defer("data").filter(name=kept).first() or shown
        initial = {"picture": None if kept == "" else shown}
        return cls(request.POST, request.FILES, initial=initial)

    @classmethod
    def showing(cls, picture: Picture | None) -> Self:
        return cls(initial={"picture": picture, "kept": picture.name if picture else ""})

    def go_on(self, shop: Shop) -> Self:
        """For a page that is shown once more: what was chosen is not chosen twice."""
        if not self.is_bound or not self.is_valid():
            return self
        chosen = self.cleaned_data["picture"]
        if isinstance(chosen, Encoded):
            chosen = keep_picture(shop=shop, encoded=chosen)
        return self.showing(chosen)
