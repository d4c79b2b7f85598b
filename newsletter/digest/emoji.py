"""Emoji by their names, `:rocket:`, as GitHub and most generators have them; never in code."""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from newsletter.digest.typography import prose


def _table(pairs: str) -> dict[str, str]:
    return {name: drawn for name, _, drawn in (pair.partition("=") for pair in pairs.split())}


# One or several; between digits it is a time, between letters a ratio or a name space.
NAMES = re.compile(r"(?<![\w:])(?::[a-z0-9_+-]{1,50}:){1,20}(?![\w:])", re.IGNORECASE)
NAME = re.compile(r":([^:]+):")
# Below this, signs have a plain shape as well, and want to be told which is meant.
COLOURED = 0x1F200
EMOJI_SHAPE = "\ufe0f"
# Of GitHub's names (github.com/github/gemoji), those that Rich's table lacks.
MORE = _table(
    "thinking=🤔 hugs=🤗 rofl=🤣 facepalm=🤦 shrug=🤷 star_struck=🤩 raised_eyebrow=🤨 "
    "monocle_face=🧐 roll_eyes=🙄 upside_down_face=🙃 zipper_mouth_face=🤐 vomiting_face=🤮 "
    "cursing_face=🤬 hand_over_mouth=🤭 money_mouth_face=🤑 face_with_head_bandage=🤕 pout=😡 "
    "smiling_face_with_three_hearts=🥰 fist_raised=✊ fist_oncoming=👊 fist_left=🤛 "
    "fist_right=🤜 love_you_gesture=🤟 metal=🤘 camera_flash=📸 medal_sports=🏅 "
    "medal_military=🎖️ shopping=🛍️ champagne=🍾 cheese=🧀 hotdog=🌭 egg2=🥚 milk_glass=🥛 "
    "fried_egg=🍳 orange=🍊 mandarin=🍊 t_rex=🦖 ice_cube=🧊 bricks=🧱 artificial_satellite=🛰️ "
    "flight_departure=🛫 flight_arrival=🛬 ballot_box=🗳️ newspaper_roll=🗞️ film_strip=🎞️ "
    "paperclips=🖇️ tickets=🎟️ parasol_on_ground=⛱️ beach_umbrella=🏖️ mountain_snow=🏔️ "
    "climbing=🧗 juggling_person=🤹 lotus_position=🧘 weight_lifting=🏋️ cartwheeling=🤸 "
    "business_suit_levitating=🕴️ rescue_worker_helmet=⛑️ technologist=🧑‍💻 pinata=🪅 "
    "yo_yo=🪀 x_ray=🩻 hash=#️⃣ asterisk=*️⃣ email=📧 umbrella=☔ snowman=⛄ "
    "us=🇺🇸 gb=🇬🇧 uk=🇬🇧 de=🇩🇪 fr=🇫🇷 es=🇪🇸 it=🇮🇹 jp=🇯🇵 cn=🇨🇳 kr=🇰🇷 ru=🇷🇺 eu=🇪🇺"
)


def emoji_plugin(md: MarkdownIt) -> None:
    """Teach a parser the names of emoji."""
    md.core.ruler.before("smartquotes", "emoji", _emoji)


def _emoji(state: StateCore) -> None:
    for token in state.tokens:
        for child in prose(token.children or ()):
            if ":" in child.content:
                child.content = with_emoji(child.content)


def with_emoji(words: str) -> str:
    """Return words in which names of emoji are emoji; a name that is none stays."""
    return NAMES.sub(lambda names: NAME.sub(_or_as_it_is, names[0]), words)


def _or_as_it_is(name: re.Match[str]) -> str:
    return _drawn(name[1].lower()) or name[0]


@lru_cache(maxsize=256)
def _drawn(name: str) -> str:
    from rich.emoji import Emoji, NoEmoji

    if name in MORE:
        return MORE[name]
    try:
        drawn = str(Emoji(name))
    except NoEmoji:
        return ""
    return drawn + EMOJI_SHAPE if len(drawn) == 1 and ord(drawn) < COLOURED else drawn
