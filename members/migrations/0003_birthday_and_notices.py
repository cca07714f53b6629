from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0002_pins_and_opening_hours"),
        ("members", "0002_phones_and_paper_cards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="birth_day",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="membership",
            name="birth_month",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="membership",
            name="service_mail",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                condition=models.Q(("service_mail", True)),
                fields=["shop"],
                name="cards_with_service_mail",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("birth_day", None), ("birth_month", None)),
                    models.Q(
                        ("birth_day__gte", 1),
                        ("birth_day__isnull", False),
                        ("birth_month__isnull", False),
                        models.Q(
                            models.Q(
                                ("birth_day__lte", 31), ("birth_month__in", [1, 3, 5, 7, 8, 10, 12])
                            ),
                            models.Q(("birth_day__lte", 30), ("birth_month__in", [4, 6, 9, 11])),
                            models.Q(("birth_day__lte", 29), ("birth_month", 2)),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="birthday_is_a_day",
            ),
        ),
    ]
