"""Gatherings may refer to pledges, tags of content and business projects as well."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('study', '0009_reading_notes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='resource',
            name='kind',
            field=models.CharField(choices=[('base', '现场教育基地'), ('role_model', '先进典型'), ('pledge', '誓词'), ('tag', '内容标签'), ('project', '业务项目')], default='base', max_length=12, verbose_name='类别'),
        ),
    ]
