"""The guides for teachers: `labs/<name>/guide.md`, read, computed and checked. No part of the page."""
