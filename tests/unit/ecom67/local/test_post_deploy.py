import json
from pathlib import Path

from ecom67.local.post_deploy import archives_of
from ecom67.local.synthesis import Assembly


def test_archives_are_taken_from_the_templates(tmp_path: Path) -> None:
    archive = {"ArchiveName": "ecom67-local-archive", "RetentionDays": 365, "EventPattern": {"source": ["x"]}}
    resources = {
        "Archive": {"Type": "AWS::Events::Archive", "Condition": "Never", "Properties": archive},
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "ecom67-local"}},
    }
    (tmp_path / "ecom67-local-bus.template.json").write_text(json.dumps({"Resources": resources}))
    (tmp_path / "ecom67-local-edge.template.json").write_text("{}")

    assert archives_of(Assembly(tmp_path, "d1", fresh=True)) == [archive]
