"""The worker for learners' code brings what runs there, and nothing else of ours."""

from __future__ import annotations

import re

from attention_lab.grading.shipping import PARTS
from building.paths import ROOT


def test_the_worker_brings_every_part_of_the_runner_and_no_other() -> None:
    script = (ROOT / "web" / "runner.worker.js").read_text(encoding="utf-8")
    brought = re.findall(r'\["attention_lab/grading/(\w+)\.py", \w+\]', script)
    assert brought == list(PARTS)
    assert set(re.findall(r'from "\.\./pyapp/attention_lab/(\S+)\.py"', script)) == {
        f"grading/{part}" for part in PARTS
    }
