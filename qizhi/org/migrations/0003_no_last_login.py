from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("org", "0002_no_overlap")]
    operations = [migrations.RemoveField(model_name="account", name="last_login")]
