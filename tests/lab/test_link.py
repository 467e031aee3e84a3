"""An address names a lab, or holds the state of the time when there was one lab, or neither."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attention_lab.link import MAX_LINK, read_link, write_link


def test_a_link_always_names_its_lab() -> None:
    assert write_link("stepper", {}) == "lab=stepper"
    assert (
        write_link("stepper", {"text": "a b&c=d", "mask": "causal"})
        == "lab=stepper&text=a+b%26c%3Dd&mask=causal"
    )


def test_a_link_may_begin_with_the_sign_of_its_place() -> None:
    for sign in ("", "#", "?"):
        assert read_link(f"{sign}lab=experiments&step=mean") == ("experiments", {"step": "mean"})


@pytest.mark.parametrize(
    "address",
    ["", "#", "?", "theme=dark", "embed=1&lock=settings", "boot=plain", "language=de", "present=1", "page=2"],
)
def test_an_address_without_a_state_names_no_lab(address: str) -> None:
    assert read_link(address) == (None, {})


@pytest.mark.parametrize("address", ["mask=causal", "step=weights&theme=dark", "seed=3&embed=1", "junk=1"])
def test_an_address_with_a_state_and_no_lab_is_about_the_first(address: str) -> None:
    found = read_link(address)
    assert found is not None
    assert found[0] == "stepper"
    assert not {"theme", "embed"} & set(found[1])


@pytest.mark.parametrize(
    "address", ["lab=stepper&text=" + "a" * MAX_LINK, "&".join(f"a{i}=1" for i in range(50))]
)
def test_what_is_too_long_is_no_link(address: str) -> None:
    assert read_link(address) is None


@given(
    st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.text(max_size=20), max_size=10),
    st.sampled_from(["stepper", "a b", "ü&"]),
)
@example({"__proto__": "1", "constructor": "\x00"}, "stepper")
def test_what_was_written_is_read(fields: dict[str, str], lab: str) -> None:
    own = {"lab", "theme", "embed", "lock", "boot", "language", "present", "page"}
    fields = {
        name: text.encode("utf-8", "replace").decode() for name, text in fields.items() if name not in own
    }
    assert read_link(write_link(lab, fields)) == (lab, fields)


@given(st.text(max_size=200))
@example("%")
@example("text=%ED%A0%80")
@example("lab=%00&lab=stepper")
def test_whatever_an_address_holds_it_is_read_or_it_is_none(address: str) -> None:
    found = read_link(address)
    assert found is None or (found[0] is None) == (not found[1] and found[0] is None)
