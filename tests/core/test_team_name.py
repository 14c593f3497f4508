"""Names that may be shown to everybody, and names that look the same."""

from __future__ import annotations

import unicodedata

import discord
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.team_name import NAME_CHARS, name_key, team_name
from bot.errors import UserError
from bot.ui.words import echo


@pytest.mark.parametrize(
    "name",
    [
        "Foxes",
        "Cloud 9",
        "Foxes’ den!",
        "R&D",
        "🦊 Foxes",
        "❤️ AWS",
        "Ünïted",
        "Команда",
        "日本語チーム",
        "टीम एक",
        "1. Foxes",
        "AI",
    ],
)
def test_names_in_any_language_stay_as_they_are(name):
    assert team_name(name).text == unicodedata.normalize("NFC", name)


def test_spaces_are_tidied():
    assert team_name("  Red    Foxes ").text == "Red Foxes"


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("", "use 2 to 32 characters"),
        ("x", "use 2 to 32 characters"),
        ("x" * 33, "use 2 to 32 characters"),
        ("x" * 5000, "use 2 to 32 characters"),
        ("!!", "use a letter or a digit"),
        ("🦊🦊", "use a letter or a digit"),
        ("a\nb", "leave out what cannot be seen"),
        ("a\tb", "leave out what cannot be seen"),
        ("a\u200bb", "leave out what cannot be seen"),
        ("a\u202eb", "leave out what cannot be seen"),
        ("a\u00a0b", "leave out what cannot be seen"),
        ("a\u2028b", "leave out what cannot be seen"),
        ("a\x00b", "leave out what cannot be seen"),
        ("a\ue000b", "leave out what cannot be seen"),
        ("a\u3164b", "leave out what cannot be seen"),
        ("a\ufe0fb", "leave out what cannot be seen"),
        ("a\U000e0100b", "leave out what cannot be seen"),
        ("a*b", "leave out *"),
        ("a_b", "leave out _"),
        ("a~b", "leave out ~"),
        ("a`b", "leave out `"),
        ("a|b", "leave out |"),
        ("a>b", "leave out >"),
        ("a#b", "leave out #"),
        ("[a](b)", "leave out ( ) [ ]"),
        ("a\\b", "leave out \\"),
        ("a:b", "leave out :"),
        ("a\ufdfdb", "leave out \ufdfd"),
        ("- a", "begin with a letter or a digit"),
        ("+ a", "begin with a letter or a digit"),
        ("@everyone", "leave out mentions"),
        ("<@123>", "leave out mentions"),
        ("<@&123>", "leave out mentions"),
        ("<#123>", "leave out mentions"),
        ("<:fox:123>", "leave out mentions"),
        ("</team:123>", "leave out mentions"),
        ("https://a.example", "links"),
        ("discord.gg/abc", "links"),
        ("evil.com", "links"),
        ("ｅvil．ｃom", "links"),
        ("me@example.com", "addresses"),
        ("10.0.0.1", "addresses"),
        ("Call 123456", "long numbers"),
        ("a\u0301\u0301\u0301\u0301b", "put at most 3 accents on a letter"),
        ("Fоxes", "use letters of one alphabet"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_named_with_the_fix(name, fix):
    with pytest.raises(UserError, match="A team cannot be called that: ") as refused:
        team_name(name)
    assert fix in str(refused.value)


def test_all_that_is_wrong_is_said_together():
    with pytest.raises(UserError) as refused:
        team_name("*@here* \u200b" + "x" * 40)
    assert str(refused.value) == (
        "A team cannot be called that: use 2 to 32 characters; leave out what cannot be seen; "
        "leave out * @; leave out mentions, links, addresses and long numbers."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Foxes", "FOXES"),
        ("Cloud 9", "cloud9"),
        ("Cloud 9", "Cloud-9!"),
        ("Cloud 9", "ＣＬＯＵＤ ９"),
        ("Füchse", "Fuchse"),
        ("Straße", "strasse"),
        ("Coco", "Сосо"),
        ("Lions", "1ions"),
        ("Lions", "Iions"),
        ("Owls", "0wls"),
        ("Foxes", "🦊 Foxes"),
        ("ﬁre", "fire"),
    ],
)
def test_look_alikes_are_the_same(one, other):
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("Foxes", "Foxed"), ("Team 1", "Team 2"), ("टीम", "टम"), ("猫", "犬")]
)
def test_different_names_are_different(one, other):
    assert name_key(one) != name_key(other)


@given(st.text(max_size=40))
@example("1. Foxes")
@example("🦊 \ufe0f")
def test_an_accepted_name_pings_formats_links_and_hides_nothing(text):
    try:
        name = team_name(text)
    except UserError:
        return
    assert NAME_CHARS[0] <= len(name.text) <= NAME_CHARS[1]
    assert echo(name.text) == name.text
    assert discord.utils.remove_markdown(name.text) == name.text
    assert all(c.isprintable() for c in name.text)
    assert name.key
    assert team_name(name.text) == name


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=40))
def test_a_key_does_not_change_with_case_width_or_spaces(text):
    key = name_key(text)
    assert name_key(f"  {text} ") == key
    assert name_key(unicodedata.normalize("NFKC", text)) == key
    assert name_key(text.casefold()) == key
