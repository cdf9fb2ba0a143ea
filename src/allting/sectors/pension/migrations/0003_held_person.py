from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pension", "0002_take_ups"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldPerson",
            fields=[
                ("person", models.UUIDField(primary_key=True, serialize=False)),
            ],
        ),
    ]
