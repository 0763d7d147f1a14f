"""A person has one account to log in with: who has two could be the two people whom a rule asks for."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("org", "0009_accounts_beside")]
    operations: ClassVar = [
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True), ("person__isnull", False)),
                fields=("bureau", "person"),
                name="org_account_one_a_person",
            ),
        ),
    ]
