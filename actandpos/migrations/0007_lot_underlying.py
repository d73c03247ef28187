from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("actandpos", "0006_orders_in_full"),
    ]

    operations = [
        migrations.AddField(
            model_name="openlot",
            name="underlying",
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
