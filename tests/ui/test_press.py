"""Buttons whose whole state is their id."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.press import Press, press_button

TEMPLATE = Press.__discord_ui_compiled_template__
ARGUMENTS = st.lists(st.from_regex(r"[A-Za-z0-9._-]{1,20}", fullmatch=True), max_size=4)


def test_an_id_is_the_feature_and_its_arguments():
    press = press_button("Answer", "daily", 12, 3)
    assert press.custom_id == "daily:12:3"
    assert (press.feature, press.args) == ("daily", ("12", "3"))
    assert press_button("Help", "help").custom_id == "help"


def test_a_long_label_is_clipped():
    label = press_button("word " * 30, "show", "x").item.label
    assert label is not None
    assert len(label) <= 80
    assert label.endswith("word…")


@pytest.mark.parametrize(
    ("feature", "args"),
    [
        ("show", ("two words",)),
        ("show", ("",)),
        ("show", ("a:b:c:d:e",)),
        ("show", ("é",)),
        ("show", ("x" * 81,)),
        ("show", ("1", "2", "3", "4", "5")),
        ("show", ("x\n",)),
        ("Show", ("x",)),
        ("s", ("x",)),
        ("averylongfeature", ("x",)),
        ("", ("x",)),
        ("show", ("x" * 60, "y" * 60)),
    ],
)
def test_an_id_that_would_never_be_heard_of_again_is_refused(feature, args):
    with pytest.raises(ValueError, match="custom_id"):
        press_button("x", feature, *args)


@given(st.from_regex(r"[a-z]{2,12}", fullmatch=True), ARGUMENTS)
async def test_an_id_is_read_back_as_it_was_written(feature, args):
    press = press_button("x", feature, *args)
    match = TEMPLATE.fullmatch(press.custom_id)
    assert match is not None
    again = await Press.from_custom_id(None, press.item, match)  # type: ignore[arg-type]
    assert (again.feature, again.args) == (feature, tuple(args))


@pytest.mark.parametrize(
    "custom_id",
    [
        "",
        "x",
        "SHOW:1",
        "show:",
        "show::1",
        "show:a b",
        "show:../x",
        "show:<@1>",
        "1:2",
        ":show",
        "show:1:2:3:4:5",
        "show:'; drop",
        "toolongfeature:1",
    ],
)
def test_a_forged_id_outside_the_template_is_nobodys(custom_id):
    assert TEMPLATE.fullmatch(custom_id) is None
