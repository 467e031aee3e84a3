import pytest

from attention import errors
from attention.errors import AttentionError, FullyMaskedRowError, MaskError

TREE = {
    "AttentionError": "Exception",
    "ShapeError": "AttentionError",
    "NumberError": "AttentionError",
    "MaskError": "AttentionError",
    "FullyMaskedRowError": "MaskError",
    "TextError": "AttentionError",
    "EmptyTextError": "TextError",
    "WeightsError": "AttentionError",
    "ConfigError": "AttentionError",
    "ArgumentError": "ConfigError",
}


def test_the_hierarchy_is_the_tree_in_the_docstring():
    assert sorted(TREE) == errors.__all__
    for name, parent in TREE.items():
        assert getattr(errors, name).__bases__[0].__name__ == parent
    drawn = [line.split()[-1] if line.endswith("Error") else line for line in errors.__doc__.splitlines()]
    order = [
        name
        for line in drawn
        for name in TREE
        if name in line.replace("└──", " ").replace("├──", " ").split()
    ]
    assert order == list(TREE)


@pytest.mark.parametrize("name", [name for name in TREE if name != "AttentionError"])
def test_every_error_is_a_value_error_that_can_be_caught_by_the_root(name):
    assert issubclass(getattr(errors, name), AttentionError)
    assert issubclass(getattr(errors, name), ValueError)


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([(2,)], "query row 2 (counted"),
        ([(0,), (3,)], "query row 0, query row 3 (counted"),
        ([(1, 2)], "query row 2 of head 1 (counted"),
        ([(4, 1, 2)], "query row 2 of head 1 of batch (4,) (counted"),
        ([(i,) for i in range(5)], "query row 0, query row 1, query row 2 and 2 more (counted"),
    ],
)
def test_rows_are_named_by_their_axes_and_many_are_counted(rows, named):
    error = FullyMaskedRowError(rows, partial=None)
    assert str(error).startswith(f"the mask leaves no key for {named} from 0)")
    assert error.rows == tuple(rows)
    assert isinstance(error, MaskError)
