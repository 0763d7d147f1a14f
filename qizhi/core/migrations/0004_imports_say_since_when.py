from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("core", "0003_nothing_replaced")]
    operations: ClassVar = [
        migrations.AddField("importdraft", "started_at", models.DateTimeField("开始导入时间", null=True)),
    ]
