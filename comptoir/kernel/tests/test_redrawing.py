"""Pictures that leave: nothing of their file goes along, they stand upright, and they fit."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms

from comptoir.kernel.media import Unusable
from comptoir.kernel.redrawing import redrawn


def _file(picture: Image.Image, kind: str, **how: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def _noise(width: int, height: int) -> Image.Image:
    """A picture that no format makes small."""
    return Image.merge("RGB", [Image.effect_noise((width, height), 90) for _ in range(3)])


def test_place_time_and_words_stay_behind_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "SECRET words"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 24.0)
    file = _file(Image.new("RGB", (60, 40), "red"), "JPEG", exif=exif, comment=b"SECRET comment")
    assert b"SECRET" in file
    made = redrawn(file, 100_000)
    assert b"SECRET" not in made.content
    assert (made.mime, made.width, made.height) == ("image/jpeg", 40, 60)
    with Image.open(BytesIO(made.content)) as shown:
        assert not shown.getexif()
        assert not shown.info.keys() & {"exif", "icc_profile", "comment", "photoshop"}


def test_words_inside_a_drawing_stay_behind() -> None:
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", "SECRET")
    made = redrawn(_file(Image.new("RGBA", (30, 20), (0, 0, 0, 0)), "PNG", pnginfo=told), 100_000)
    assert made.mime == "image/png"
    assert b"SECRET" not in made.content
    with Image.open(BytesIO(made.content)) as shown:
        assert shown.has_transparency_data


def test_a_picture_becomes_small_enough() -> None:
    file = _file(_noise(2_000, 1_500), "JPEG", quality=95)
    assert len(file) > 1_000_000
    made = redrawn(file, 500_000)
    assert len(made.content) <= 500_000
    assert made.width / made.height == pytest.approx(4 / 3, rel=0.01)
    with pytest.raises(Unusable) as why:
        redrawn(file, 500)
    assert why.value.reason == "too_large"


def test_a_drawing_too_large_as_png_leaves_as_jpeg() -> None:
    made = redrawn(_file(_noise(900, 900), "PNG"), 700_000)
    assert made.mime == "image/jpeg"


def test_colours_of_another_space_look_the_same() -> None:
    """A profile in which the first number says how green it is: what leaves has no profile, and is green."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for one, other in ((b"rXYZ", b"last"), (b"gXYZ", b"rXYZ"), (b"last", b"gXYZ")):
        profile = profile.replace(one, other)
    made = redrawn(_file(Image.new("RGB", (20, 20), (250, 10, 10)), "JPEG", icc_profile=profile), 10_000)
    with Image.open(BytesIO(made.content)) as shown:
        red, green, blue = shown.convert("RGB").getpixel((9, 9))  # type: ignore[misc]
        assert green > 240
        assert max(red, blue) < 25
        assert "icc_profile" not in shown.info


def test_what_is_no_picture_is_none() -> None:
    for content in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff"):
        with pytest.raises(Unusable) as fault:
            redrawn(content, 1_000)
        assert fault.value.reason == "not_image"
