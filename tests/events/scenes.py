"""The picture of a code as a phone's camera sees it: held askew, in poor light, small, not quite sharp."""

import io
import math

from PIL import Image, ImageChops, ImageFilter

from bot import booking_page

PAPER = "#b9aa92"


def scene(code, width=1280, height=960, part=0.35, turn=0.0, lean=0.0, blur=0.0, dark=0.0):
    """A photo on which the code takes `part` of the shorter side; `turn` in degrees, `lean` and `dark` from 0 to 1."""
    side = round(min(width, height) * part)
    drawn = Image.open(io.BytesIO(booking_page.draw(code))).convert("RGB").resize((side, side))
    drawn = _leaning(drawn, lean).rotate(turn, expand=True, fillcolor=PAPER)
    photo = Image.new("RGB", (width, height), PAPER)
    photo.paste(drawn, ((width - drawn.width) // 2, (height - drawn.height) // 2))
    light = Image.linear_gradient("L").resize(photo.size).point(lambda lit: round(255 - dark * lit))
    return ImageChops.multiply(photo, light.convert("RGB")).filter(ImageFilter.GaussianBlur(blur))


def _leaning(picture, lean):
    """Its upper edge is further away."""
    side, less = picture.width, picture.width * lean / 4
    corners = (-less, 0, 0, side, side, side, side + less, 0)
    return picture.transform((side, side), Image.Transform.QUAD, corners, fillcolor=PAPER)


def jpeg(picture, quality=70):
    """Its bytes as a phone sends them."""
    content = io.BytesIO()
    picture.convert("RGB").save(content, "JPEG", quality=quality)
    return content.getvalue()


def film(code, frames=20):
    """Motion JPEG: the code comes nearer and turns in the hand, over and over; what Chromium takes for a camera."""
    parts = ((number, 0.4 + 0.1 * math.sin(number)) for number in range(frames))
    return b"".join(jpeg(scene(code, 640, 480, part=part, turn=3.0 * number)) for number, part in parts)
