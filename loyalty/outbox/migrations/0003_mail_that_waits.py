from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0002_periodic_jobs"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboxmessage",
            name="headers",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="by_day_in",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="outboxmessage",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("sent", "Sent"),
                    ("given_up", "Given Up"),
                    ("called_off", "Called Off"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
    ]
