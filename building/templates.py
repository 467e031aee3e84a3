"""Templates: a value in the place of each `{{name}}`."""

from collections.abc import Mapping

from building.errors import BuildError


def fill_template(template: str, values: Mapping[str, str]) -> str:
    """Put a value in the place of each `{{name}}`; a value may hold braces of its own."""
    pieces = template.split("{{")
    filled = [pieces[0]]
    for piece in pieces[1:]:
        name, end, rest = piece.partition("}}")
        if not end or name not in values:
            raise BuildError(f"a template of web/ has an unknown placeholder {{{{{name[:40]}")
        filled += [values[name], rest]
    return "".join(filled)
