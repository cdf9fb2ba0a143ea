import django.utils.timezone
import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tax', '0003_advance_tax'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='vatreturn', name='vat_return_once'),
        migrations.AlterField(
            model_name='vatreturn', name='case', field=models.UUIDField(unique=True), preserve_default=False,
        ),
        migrations.AlterField(
            model_name='vatreturn', name='amount', field=models.BigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='vatreturn', name='term',
            field=models.PositiveSmallIntegerField(help_text='1 to 6, of two months each; 0: the whole year'),
        ),
        migrations.AddField(model_name='vatreturn', name='content', field=models.BinaryField(null=True)),
        migrations.AddField(
            model_name='vatreturn', name='stands',
            field=models.BooleanField(default=True, help_text='Not when the decision that took it is gone'),
        ),
        migrations.AddField(
            model_name='vatreturn', name='decisions',
            field=models.PositiveSmallIntegerField(default=0, help_text='From the second on the authority has fixed it'),
        ),
        migrations.AddIndex(
            model_name='vatreturn',
            index=models.Index(fields=['enterprise', 'year', 'term'], name='vat_return_of_term'),
        ),
        migrations.CreateModel(
            name='VatTerms',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('enterprise', models.UUIDField()),
                ('from_year', models.PositiveSmallIntegerField(default=0)),
                ('kind', models.CharField(choices=[('two-monthly', 'Two Monthly'), ('yearly', 'Yearly'), ('primary', 'Primary')], default='two-monthly', max_length=12)),
                ('made', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('enterprise', 'from_year'), name='vat_terms_once')],
            },
        ),
    ]
