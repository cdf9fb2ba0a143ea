import django.utils.timezone
from django.db import migrations, models


def as_before(apps, _schema_editor):
    """What was decided before keeps the days it was counted by: they did not hang on the day of the decision."""
    apps.get_model("welfare", "Award").objects.update(opened=models.F("start"))


class Migration(migrations.Migration):
    dependencies = [
        ("welfare", "0003_held_child"),
    ]

    operations = [
        migrations.AddField(
            model_name="award",
            name="opened",
            field=models.DateField(
                default=django.utils.timezone.localdate,
                help_text="The decision's day: no card could come before it",
            ),
        ),
        migrations.RunPython(as_before, migrations.RunPython.noop),
    ]
