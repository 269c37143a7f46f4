"""A shared map tells its place, and Facebook's redirect what is behind it."""

import pytest

from bot.messages import Location
from handlers.messenger.links import behind, place_of

HERE = Location(6.1725, 1.2314)


@pytest.mark.parametrize(
    "url",
    [
        "https://maps.google.com/?q=6.1725,1.2314",
        "https://maps.google.com/maps?q=loc:6.1725,1.2314&z=17",
        "https://www.google.com/maps?q=6.1725%2C1.2314+(Chez+Awa)",
        "https://www.google.com/maps/search/?api=1&query=6.1725%2C1.2314",
        "https://www.google.tg/maps/@6.1725,1.2314,17z",
        "https://www.google.com/maps/place/6.1725,1.2314",
        "https://www.google.com/maps/place/March%C3%A9/@6.2,1.3,17z/data=!3m1!4b1!4m5!3m4!1s0x0!8m2!3d6.1725!4d1.2314",
        "https://www.google.com/maps/search/6.1725,+1.2314",
        "https://www.google.com/maps/dir/?api=1&destination=6.1725,1.2314",
        "https://maps.apple.com/?ll=6.1725,1.2314&q=Awa",
        "https://www.bing.com/maps/default.aspx?v=2&where1=6.1725%2C+1.2314&FORM=FBKPL1",
        "https://www.openstreetmap.org/?mlat=6.1725&mlon=1.2314#map=17/6.1725/1.2314",
        "https://waze.com/ul?ll=6.1725,1.2314&navigate=yes",
    ],
)
def test_a_map_tells_its_place(url):
    assert place_of(url) == HERE


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://maps.app.goo.gl/abc123",
        "https://maps.google.com/?q=March%C3%A9+d%27Adawlato",
        "https://maps.google.com/?q=96.1725,1.2314",
        "https://maps.google.com/?q=6.1725,181",
        "https://shop.example/?q=6.1725,1.2314",
        "https://google.com.evil.example/maps?q=6.1725,1.2314",
        "https://notgoogle.com/maps/@6.1725,1.2314,17z",
        "https://www.facebook.com/@6.1725,1.2314",
        "https://[::1",
        "https://maps.google.com:x/?q=a",
        "https://maps.google.com/?" + "&".join(f"a{n}=1" for n in range(60)) + "&q=6.1725,1.2314",
    ],
)
def test_anything_else_tells_none(url):
    assert place_of(url) is None


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fshop.example%2Friz%3Fa%3D1&h=AT0",
            "https://shop.example/riz?a=1",
        ),
        ("https://lm.facebook.com/l.php?h=AT0&u=http%3A%2F%2Fshop.example", "http://shop.example"),
        ("https://l.facebook.com/l.php?h=AT0", "https://l.facebook.com/l.php?h=AT0"),
        (
            "https://l.facebook.com/l.php?u=javascript%3Aalert(1)",
            "https://l.facebook.com/l.php?u=javascript%3Aalert(1)",
        ),
        (
            "https://shop.example/l.php?u=https%3A%2F%2Fevil.example",
            "https://shop.example/l.php?u=https%3A%2F%2Fevil.example",
        ),
        ("", ""),
    ],
)
def test_what_is_behind_a_redirect(url, found):
    assert behind(url) == found
