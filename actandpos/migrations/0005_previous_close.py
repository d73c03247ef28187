from django.db import migrations

import actandpos.models.fields


class Migration(migrations.Migration):
    dependencies = [("actandpos", "0004_transactions_and_lots")]

    operations = [
        migrations.AddField(
            model_name="closedposition",
            name="previous_close",
            field=actandpos.models.fields.Price(
                decimal_places=8, help_text="The mark at the close before", max_digits=15, null=True
            ),
        ),
    ]
