"""Each bureau keeps the kinds that it could choose so far, and each call the kind that it has."""

from django.db import migrations

FIVE, CONDUCT = "五微", "纪律教育微活动"
BOTH = f"{FIVE}、{CONDUCT}"
# As they come with the product at this point: code, name, lists, note.
KINDS = (
    ("essay", "征文", "", ""),
    ("maxim", "格言", "", ""),
    ("letter", "微家书", BOTH, "家人的姓名可以不写；不愿公开的只登记题目"),
    ("lesson", "微党课", BOTH, "这里收讲稿；讲了的微党课登记为活动，计入党课台账"),
    ("video", "微视频", BOTH, "内容里写存放的地方，不上传视频"),
    ("story", "微故事", FIVE, ""),
    ("interview", "微访谈", BOTH, "公开前请受访人同意"),
    ("conduct-test", "微违规考核", CONDUCT, "不收作品：从题库出题，办知识竞赛或由各人自测"),
    ("other", "其他作品", "", ""),
)


def to_rows(apps, schema_editor):
    Bureau = apps.get_model("org", "Bureau")
    Call = apps.get_model("culture", "Call")
    WorkKind = apps.get_model("culture", "WorkKind")
    for bureau in Bureau.objects.all():
        for number, (key, name, lists, note) in enumerate(KINDS, start=1):
            kind = WorkKind.objects.create(
                bureau=bureau,
                key=key,
                name=name,
                lists=lists,
                note=note,
                is_collected=key != "conduct-test",
                is_one_line=key == "maxim",
                position=number * 10,
            )
            Call.objects.filter(bureau=bureau, kind_code=key).update(kind=kind)


def to_codes(apps, schema_editor):
    """Codes that were not known before become `other`: there was no other place for them."""
    known = [key for key, *_ in KINDS if key != "conduct-test"]
    for call in apps.get_model("culture", "Call").objects.select_related("kind"):
        call.kind_code = call.kind.key if call.kind.key in known else "other"
        call.save(update_fields=["kind_code"])


class Migration(migrations.Migration):

    dependencies = [("culture", "0002_kinds_as_data")]

    operations = [migrations.RunPython(to_rows, to_codes)]
