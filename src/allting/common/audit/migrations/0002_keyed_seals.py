from django.db import migrations


def seal_anew(apps, schema_editor):
    """Seals made without a key could be made by anybody. The worker makes new ones over the same entries."""
    apps.get_model("audit", "Entry").objects.exclude(seal=None).update(seal=None)
    apps.get_model("audit", "Seal").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(seal_anew, migrations.RunPython.noop),
    ]
