"""Brings what was stored before question types came: options become rich text, attempts hold options by language."""

from html import escape, unescape

from django.db import migrations
from django.utils.html import strip_tags
from wagtail.blocks.migrations.migrate_operation import MigrateStreamData
from wagtail.blocks.migrations.operations import BaseBlockOperation


class PlainToRich(BaseBlockOperation):
    def apply(self, block_value):
        return {name: escape(value, quote=False) if isinstance(value, str) else value for name, value in block_value.items()}

    @property
    def operation_name_fragment(self):
        return "plain_to_rich"


def new_entry(old):
    correct = {option["id"]: option["correct"] for option in old["options"]}
    contents = {}
    for language, texts in old["texts"].items():
        options = [
            {
                "id": option_id,
                **({"text": escape(text["text"], quote=False)} if text["text"] else {}),
                **({"correct": True} if correct.get(option_id) else {}),
                **({"feedback": escape(text["feedback"], quote=False)} if text["feedback"] else {}),
            }
            for option_id, text in texts["options"].items()
        ]
        contents[language] = {"prompt": texts["prompt"], "feedback": texts["feedback"], "options": options}
    kept = {name: old[name] for name in ("key", "translation_key", "kind", "points")}
    return {**kept, "rules": {}, "order": [option["id"] for option in old["options"]], "contents": contents}


def old_entry(new):
    first = next(iter(new["contents"].values()))
    correct = {option["id"]: option.get("correct", False) for option in first["options"]}
    texts = {
        language: {
            "prompt": content["prompt"],
            "feedback": content.get("feedback", ""),
            "options": {
                option["id"]: {
                    name: unescape(strip_tags(option.get(name, ""))) for name in ("text", "feedback")
                }
                for option in content["options"]
            },
        }
        for language, content in new["contents"].items()
    }
    kept = {name: new[name] for name in ("key", "translation_key", "kind")}
    options = [{"id": option_id, "correct": correct.get(option_id, False)} for option_id in new["order"]]
    return {**kept, "points": int(float(new["points"])), "options": options, "texts": texts}


def convert(apps, has_old_shape, change, empty_before, empty_after):
    attempts = apps.get_model("assessments", "Attempt")
    for attempt in attempts.objects.iterator(chunk_size=500):
        if any(has_old_shape(entry) for entry in attempt.snapshot):
            attempt.snapshot = [change(entry) if has_old_shape(entry) else entry for entry in attempt.snapshot]
            attempt.save(update_fields=["snapshot"])
    responses = apps.get_model("assessments", "Response")
    for response in responses.objects.iterator(chunk_size=2000):
        if response.answer == empty_before:
            response.answer = empty_after
            response.save(update_fields=["answer"])


def forward(apps, schema_editor):
    convert(apps, lambda entry: "texts" in entry, new_entry, [], None)


def backward(apps, schema_editor):
    convert(apps, lambda entry: "contents" in entry, old_entry, None, [])


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_types_marking_practicals")]

    operations = [
        migrations.RunPython(forward, backward),
        MigrateStreamData(
            app_name="assessments",
            model_name="Question",
            field_name="options",
            operations_and_block_paths=[(PlainToRich(), "option")],
        ),
    ]
