"""Pixels as inboxes take them: eight bits, sRGB, whatever the file came with."""

import io

from PIL import Image, ImageCms

_GREY = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
_CMS = ("RGB", "RGBA", "L", "CMYK", "LAB")


def plain_pixels(picture: Image.Image) -> Image.Image:
    """Return a loaded picture as RGB, or as RGBA where it has a clear part; nothing else of it.

    CMYK, palettes, 16 and 32 bits become eight bits a channel; a colour profile is applied.
    """
    if picture.mode in _GREY:
        picture = _eight_bits(picture)
    clear = picture.has_transparency_data
    if picture.mode not in _CMS or (clear and picture.mode != "RGBA"):
        profile = picture.info.get("icc_profile")
        picture = picture.convert("RGBA" if clear else "RGB")
        picture.info["icc_profile"] = profile
    picture = _in_srgb(picture).convert("RGBA" if clear else "RGB")
    if clear and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    # Pillow writes a comment that it has read into the next JPEG.
    picture.info.clear()
    return picture


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Return grey levels of 16 bits and more as 8; Pillow alone would cut them off at 255."""
    wide = picture.convert("F")
    low, high = wide.getextrema()
    assert isinstance(low, float) and isinstance(high, float)  # noqa: S101, PT018 (a single band)
    if picture.mode.startswith("I;16"):
        low, high = 0.0, 65_535.0
    elif low >= 0 and high <= 255 and picture.mode == "I":
        low, high = 0.0, 255.0
    span = (high - low) or 1.0
    return wide.point(lambda level: level * (255 / span) + (-low * 255 / span)).convert("L")


def _in_srgb(picture: Image.Image) -> Image.Image:
    written = picture.info.get("icc_profile")
    if not written:
        return picture
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(written))
        if "srgb" in ImageCms.getProfileDescription(profile).lower():
            return picture
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        done = ImageCms.profileToProfile(
            picture, profile, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        # A profile that does not fit its picture is worth nothing; the bare pixels are.
        return picture
    return done or picture
