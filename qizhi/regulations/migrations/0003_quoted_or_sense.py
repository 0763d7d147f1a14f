"""A clause says whether its words are quoted or only their sense."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ('regulations', '0002_one_version_a_day'),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name='clause',
            name='is_quoted',
            field=models.BooleanField(default=True, help_text='不勾：这里写的是大意', verbose_name='逐字引用'),
        ),
        migrations.AlterField(
            model_name='calendarpaper',
            name='confirmation',
            field=models.CharField(choices=[('V', '已核对原文'), ('D', '据本局材料'), ('R', '待核实'), ('L', '本地规定，待核实'), ('I', '推定，待核实')], default='R', max_length=1, verbose_name='核对状态'),
        ),
        migrations.AlterField(
            model_name='clause',
            name='confirmation',
            field=models.CharField(choices=[('V', '已核对原文'), ('D', '据本局材料'), ('R', '待核实'), ('L', '本地规定，待核实'), ('I', '推定，待核实')], default='R', max_length=1, verbose_name='核对状态'),
        ),
        migrations.AlterField(
            model_name='clause',
            name='text',
            field=models.TextField(verbose_name='条文'),
        ),
        migrations.AlterField(
            model_name='regulation',
            name='confirmation',
            field=models.CharField(choices=[('V', '已核对原文'), ('D', '据本局材料'), ('R', '待核实'), ('L', '本地规定，待核实'), ('I', '推定，待核实')], default='R', max_length=1, verbose_name='核对状态'),
        ),
        migrations.AlterField(
            model_name='version',
            name='confirmation',
            field=models.CharField(choices=[('V', '已核对原文'), ('D', '据本局材料'), ('R', '待核实'), ('L', '本地规定，待核实'), ('I', '推定，待核实')], default='R', max_length=1, verbose_name='核对状态'),
        ),
    ]
