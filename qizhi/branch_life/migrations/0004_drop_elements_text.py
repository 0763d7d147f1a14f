from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("branch_life", "0003_elements_as_rows")]

    operations = [migrations.RemoveField(model_name="workingmethod", name="elements_text")]
