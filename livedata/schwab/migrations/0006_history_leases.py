from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schwab", "0005_history_progress"),
    ]

    operations = [
        migrations.AddField(
            model_name="historyprogress",
            name="next_at",
            field=models.DateTimeField(help_text="When the next page is due; empty: at once", null=True),
        ),
        migrations.AddField(
            model_name="historyprogress",
            name="failures",
            field=models.PositiveIntegerField(default=0, help_text="Failed pages in a row"),
        ),
        migrations.AddField(
            model_name="historyprogress",
            name="generation",
            field=models.PositiveBigIntegerField(default=0, help_text="Counts who took the lease"),
        ),
        migrations.AddField(
            model_name="historyprogress",
            name="lease_until",
            field=models.DateTimeField(null=True),
        ),
    ]
