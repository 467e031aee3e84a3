"""The lab as an item of a course: the folder with a manifest, for SCORM 1.2 and for SCORM 2004."""

import zipfile
from functools import partial
from html import escape
from pathlib import Path

from building.forms import folder_files, made_form
from building.paths import DIST
from building.site import Site
from building.zips import zip_bytes

PACKAGES = {
    "1.2": DIST / "attention-lab-scorm12.zip",
    "2004": DIST / "attention-lab-scorm2004.zip",
}
#: What the two dialects spell differently.
SPELLINGS = {
    "1.2": {
        "content": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
        "adl": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
        "schema": "1.2",
        "kind": "scormtype",
    },
    "2004": {
        "content": "http://www.imsglobal.org/xsd/imscp_v1p1",
        "adl": "http://www.adlnet.org/xsd/adlcp_v1p3",
        "schema": "2004 3rd Edition",
        "kind": "scormType",
    },
}
MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="attention-lab" version="1.0" xmlns="{content}" xmlns:adlcp="{adl}">
  <metadata><schema>ADL SCORM</schema><schemaversion>{schema}</schemaversion></metadata>
  <organizations default="course">
    <organization identifier="course">
      <title>Attention Lab</title>
      <item identifier="lab" identifierref="page"><title>Attention Lab</title></item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="page" type="webcontent" adlcp:{kind}="sco" href="index.html">
{files}
    </resource>
  </resources>
</manifest>
"""


def course_packages(site: Site) -> list[Path]:
    """Both packages."""
    return [made_form(site, to, partial(_package, site, version)) for version, to in PACKAGES.items()]


def _package(site: Site, version: str) -> bytes:
    files = folder_files(site, course={"version": version})
    listed = "\n".join(f'      <file href="{escape(name)}"/>' for name in sorted(files))
    manifest = MANIFEST.format(**SPELLINGS[version], files=listed)
    return zip_bytes({"imsmanifest.xml": manifest.encode(), **files}, zipfile.ZIP_DEFLATED)
