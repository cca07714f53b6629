from datetime import date
from typing import Any

from django.db import migrations, models


def count_anew(apps: Any, _editor: Any) -> None:
    """Without a watermark, everything is counted from the first day on."""
    apps.get_model("figures", "Watermark").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("figures", "0002_customers_of_periods")]

    operations = [
        migrations.AddField(
            model_name="shopperiod",
            name="ever",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="shopperiod",
            name="came",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="watermark",
            name="begun",
            field=models.DateField(default=date.min),
            preserve_default=False,
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
