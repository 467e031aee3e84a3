"""The icon of web/icon.svg: as PNG files, for home screens that take no SVG, and as a data: address."""

import struct
import urllib.parse
import zlib
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from building.errors import BuildError
from building.paths import ROOT
from building.stamps import digest, made

SVG = "{http://www.w3.org/2000/svg}"
#: File name, size in pixels, and whether a system will cut its own shape out of it.
SIZES = (
    ("icon-180.png", 180, True),
    ("icon-192.png", 192, False),
    ("icon-512.png", 512, False),
    ("icon-maskable.png", 512, True),
)
FINE = 4  # samples across one pixel
SAFE = 0.8  # what of the width no shape cuts off

Points = NDArray[np.float64]


def data_url(svg: Path) -> str:
    """The icon as an address that asks nobody: Chromium asks for it at each change of the page's address."""
    return "data:image/svg+xml," + urllib.parse.quote(svg.read_text(encoding="utf-8").strip())


def icons(svg: Path) -> Path:
    """A folder with the icon in every size."""
    own = (ROOT / "building" / "icons.py").read_bytes()

    def make(folder: Path) -> None:
        for name, pixels, cut in SIZES:
            (folder / name).write_bytes(_png(_draw(svg, pixels, cut)))

    return made("icons", digest(svg.read_bytes(), own), make)


def _draw(svg: Path, pixels: int, cut: bool) -> NDArray[np.uint8]:
    """RGBA by row and column. What will be cut has its ground to the edges, the rest inside the safe part."""
    side, (ground, *marks) = _read(svg)
    if cut:
        ground = {**ground, "rx": "0"}
    at = (np.arange(pixels * FINE) + 0.5) * side / (pixels * FINE)
    inner = side / 2 + (at - side / 2) / (SAFE if cut else 1.0)
    fine = np.zeros((len(at), len(at), 4))
    for rect, points in ((ground, at), *((mark, inner) for mark in marks)):
        fine[_covered(rect, points)] = [*bytes.fromhex(rect["fill"].removeprefix("#")), 255]
    blocks = fine.reshape(pixels, FINE, pixels, FINE, 4).mean(axis=(1, 3))
    opacity = blocks[..., 3:] / 255
    colour = np.divide(blocks[..., :3], opacity, out=np.zeros_like(blocks[..., :3]), where=opacity > 0)
    return np.concatenate([colour, blocks[..., 3:]], axis=2).round().astype(np.uint8)


def _read(svg: Path) -> tuple[float, list[dict[str, str]]]:
    """The side of the picture, and its rectangles from back to front."""
    root = ElementTree.parse(svg).getroot()
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    shapes = [node for node in root.iter() if node.tag not in (f"{SVG}svg", f"{SVG}g")]
    if (left, top, width) != (0, 0, height) or any(node.tag != f"{SVG}rect" for node in shapes):
        raise BuildError(f"{svg.name} is not a square of <rect> elements, which is all that icons.py draws")
    return width, [dict(node.attrib) for node in shapes]


def _covered(rect: dict[str, str], points: Points) -> NDArray[np.bool_]:
    """Which of the points (row, column) lie in a rectangle with round corners."""
    x, y, width, height, radius = (float(rect.get(name, 0)) for name in ("x", "y", "width", "height", "rx"))
    beyond_x = np.abs(points - (x + width / 2)) - (width / 2 - radius)
    beyond_y = np.abs(points - (y + height / 2)) - (height / 2 - radius)
    corner = np.hypot(beyond_x.clip(0)[None, :], beyond_y.clip(0)[:, None])
    return np.asarray(corner <= radius)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width, _ = pixels.shape
    header = struct.pack(">2I5B", width, height, 8, 6, 0, 0, 0)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    body = zlib.compress(rows, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
