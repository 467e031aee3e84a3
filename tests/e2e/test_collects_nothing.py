"""What the page for administrators says of privacy, seen from the host: a teacher, and then a student."""

from __future__ import annotations

import re
from typing import ClassVar

import pytest
from playwright.sync_api import expect

from building.bundle import WEB
from building.serving import Handler, serve_site
from tests.e2e.conftest import SITE, NewPage
from tests.e2e.test_build import Exercise

LEARNERS = "zebras yodel"
PROGRAM = "import numpy as np\n\ndef softmax(x):\n    zebras_yodel = np.exp(x)\n    return zebras_yodel\n"
ROW = re.compile(
    r"^\| (localStorage|sessionStorage|Cache Storage) \| (attention-lab\S*?)( ?\.\.\.)? \|", re.M
)
KEPT = """async () => ({
  localStorage: Object.keys(localStorage), sessionStorage: Object.keys(sessionStorage),
  "Cache Storage": await caches.keys(), IndexedDB: (await indexedDB.databases()).map(({name}) => name),
})"""


class Noting(Handler):
    """Notes every request, whoever sends it: page, worker or service worker."""

    asked: ClassVar[list[tuple[str, str, str]]]

    def parse_request(self) -> bool:
        understood = super().parse_request()
        self.asked.append((self.command, self.path, str(self.headers)))
        return understood


def documented(where: str, name: str) -> bool:
    """Whether the page for administrators tells of it."""
    rows = ROW.findall((WEB / "administrators.md").read_text(encoding="utf-8").replace("`", ""))
    assert len(rows) > 8
    return any(
        place == where and (name.startswith(stem + gap[:1].strip("."))) if more else name == stem
        for place, stem, gap in rows
        for more in [bool(gap)]
    )


@pytest.mark.full(minutes=0.4)  # test_teach.py reads the requests of a learner
def test_the_host_sees_requests_for_files_and_the_device_keeps_what_is_told(new_page: NewPage) -> None:
    class Host(Noting):
        asked: ClassVar[list[tuple[str, str, str]]] = []

    with serve_site(SITE, handler=Host) as served:
        lab = new_page(url=served.url, service_workers="allow")
        page = lab.page
        page.goto(f"{served.url}teach.html")
        page.get_by_label("Sentence", exact=False).first.fill(LEARNERS)
        page.get_by_label("Codes", exact=True).fill("zebras-yodel")
        page.goto(f"{served.url}guides.html")
        lab.open("?lab=stepper&step=qkv")
        lab.type_sentence(LEARNERS)
        lab.region("predict").get_by_role("button", name="yodel", exact=True).click()
        lab.settle()
        lab.follow("lab=build&step=write&exercise=softmax")
        task = Exercise(lab)
        task.run(PROGRAM)
        expect(task.verdict).to_contain_text("Not yet")
        expect(page.locator("html[data-offline]")).to_be_attached()
        kept = page.evaluate(KEPT)
        assert page.context.cookies() == []
    assert len(Host.asked) > 20
    for method, path, headers in Host.asked:
        told = f"{path}\n{headers}".lower().replace("+", " ").replace("_", " ").replace("-", " ")
        assert method == "GET", path
        assert "zebras yodel" not in told, path
        assert "cookie" not in told, path
        assert "content length" not in told, path
        assert not re.search(r"referer:.*\?", told), path
    assert kept.pop("IndexedDB") == []
    assert "attention-lab-code softmax" in kept["localStorage"]
    unknown = [
        (where, name) for where, names in kept.items() for name in names if not documented(where, name)
    ]
    assert unknown == []
