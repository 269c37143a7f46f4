"""A product's page: a preview for the chats it is shared in, a button for each chat, no word unescaped."""

import io

import pytest
from PIL import Image

import webhooks
from bot import product_page
from catalog import listing, photos
from catalog.listing import NewGood
from catalog.stock import JOB
from tests.catalog.market import make_category, make_vendor
from tests.files import picture


@pytest.fixture
def made(market):
    """A product of a wired market: its id."""
    with market.database.unit_of_work() as db:
        photo = photos.save(db, market.media, picture(size=(700, 700), colour="red"))
        good = NewGood("Savon <noir>", 250, 40, "pièce", make_category(db), "Pour & contre", photo)
        return listing.make(db, make_vendor(db, "essi"), good, JOB)


@pytest.fixture
def client(market, made):
    return webhooks.create_app(market).test_client()


def test_a_page_shows_the_product_with_its_preview_and_a_button_a_chat(client, market):
    answer = client.get("/p/savon-noir")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    base = market.config.server.base_url
    assert f'<meta property="og:image" content="{base}/p/savon-noir/card.jpg?v=' in answer.text
    assert "<h1>Savon &lt;noir&gt;</h1>" in answer.text
    assert "<noir>" not in answer.text
    assert "Pour &amp; contre" in answer.text
    assert "https://wa.me/" in answer.text
    assert "Acheter sur WhatsApp" in answer.text
    assert "-page" in answer.text  # the links say where they stood
    assert answer.headers["Content-Security-Policy"] == product_page.POLICY


def test_the_card_is_a_picture_of_the_size_that_previews_have_and_is_kept(client, market):
    answer = client.get("/p/savon-noir/card.jpg")
    assert answer.mimetype == "image/jpeg"
    card = Image.open(io.BytesIO(answer.data))
    assert card.size == (1200, 630)
    assert card.getpixel((300, 300))[0] > 200
    kept = [path for path in market.media.path.iterdir() if path.name.startswith("card-")]
    assert len(kept) == 1
    assert kept[0].read_bytes() == client.get("/p/savon-noir/card.jpg").data


def test_what_is_sold_out_says_so_and_what_is_unlisted_is_not_there(client, market, made):
    with market.database.unit_of_work() as db:
        db.run("update stock set on_hand = 0")
    assert "épuisé" in client.get("/p/savon-noir").text
    with market.database.unit_of_work() as db:
        db.run("update product set is_listed = false")
    assert client.get("/p/savon-noir").status_code == 404
    assert client.get("/p/savon-noir/card.jpg").status_code == 404
    assert client.get("/p/..%2Fsecret").status_code == 404
