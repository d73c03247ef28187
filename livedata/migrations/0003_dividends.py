from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("livedata", "0002_watchlist")]

    operations = [
        migrations.AddField(
            model_name="instrument",
            name="ex_dividend_date",
            field=models.DateField(help_text="The next one, else the last that is known", null=True),
        ),
        migrations.AddField(
            model_name="instrument",
            name="dividend_amount",
            field=models.DecimalField(
                decimal_places=8, help_text="US dollars a share and payment", max_digits=15, null=True
            ),
        ),
        migrations.AddField(
            model_name="instrument",
            name="dividend_asked_at",
            field=models.DateTimeField(null=True),
        ),
    ]
