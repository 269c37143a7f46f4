"""The page at a workshop's door in a real browser: a camera, photos, codes typed; with scripts and without."""

from contextlib import contextmanager
from threading import Thread

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from tests import chromium
from tests.events.scenes import film, jpeg, scene
from tests.files import picture
from tests.journeys.test_browser import ARGUMENTS
from tests.ports import free_port
from tests.waiting import wait_for

PHONE = {"viewport": {"width": 360, "height": 740}, "locale": "fr-FR"}
CAMERA = "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"  # Chromium's own: no code is on it
WELCOME, BEFORE = "told welcome", "told before"
UNREAD = "Aucun code sur la photo. Approchez-vous, ou écrivez le code."
DETECTS = """
window.looks = 0;
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect(video) { window.looks++; return video.videoWidth ? [{ rawValue: " %s " }] : []; }
};
"""


@pytest.fixture
def address(doorway):
    """The page's address on this machine, which browsers trust with a camera."""
    app, path, _ = doorway
    server = make_server("127.0.0.1", port := free_port(), app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{port}{path}"
    server.shutdown()
    thread.join()


@contextmanager
def opened(address, *arguments, script="", **more):
    """The page on a phone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.needed(), args=[*ARGUMENTS, *arguments])
        page = browser.new_context(**PHONE, **more).new_page()
        page.add_init_script(script)
        page.goto(address)
        yield page
        browser.close()


def told(page):
    return page.locator("#told")


def welcome(page):
    """What is said once the guest is in."""
    expect(told(page)).to_have_class(WELCOME, timeout=20_000)
    assert told(page).inner_text().startswith("Bienvenue, Awa Mensah. Atelier 3, entrée à ")
    expect(page.locator("#attended")).to_have_text("1")


def upload(code="", name="IMG_1.jpg"):
    content = jpeg(scene(code, width=3000, height=2000)) if code else picture(size=(800, 600))
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def test_the_camera_of_a_browser_that_reads_no_codes_lets_the_guest_in_once(doorway, address, tmp_path):
    *_, code = doorway
    (reel := tmp_path / "camera.mjpeg").write_bytes(film(code))
    asked = []
    with opened(address, *CAMERA, f"--use-file-for-fake-video-capture={reel}") as page:
        assert page.evaluate("'BarcodeDetector' in window") is False
        page.on("request", lambda one: asked.append((one.url.removeprefix(address), len(one.post_data_buffer or b""))))
        page.get_by_role("button", name="Scanner un code").click()
        welcome(page)
        page.wait_for_timeout(3_000)
        expect(told(page)).to_have_class(WELCOME)  # the code that stays before it is not told again
    assert [where for where, _ in asked].count("") == 1
    looks = [size for where, size in asked if where == "/read"]
    assert len(looks) >= 3
    assert max(looks) < 20_000


def test_a_browser_that_reads_codes_sends_words_alone(doorway, address):
    *_, code = doorway
    asked = []
    with opened(address, *CAMERA, script=DETECTS % code) as page:
        page.on("request", lambda one: asked.append((one.url.removeprefix(address), one.post_data)))
        page.get_by_role("button", name="Scanner un code").click()
        welcome(page)
        wait_for(lambda: page.evaluate("window.looks") > 8, "the camera is looked at again")
    assert asked == [("", f"code={code}")]


def test_a_camera_that_nobody_allows_leaves_photos_and_words(doorway, address):
    *_, code = doorway
    with opened(address) as page:
        page.get_by_role("button", name="Scanner un code").click()
        expect(told(page)).to_have_text("La caméra ne s'ouvre pas. Prenez une photo, ou écrivez le code.")
        expect(page.get_by_label("Prendre le dessin en photo")).to_be_attached()
        page.get_by_label("Code écrit").fill(code.lower())
        page.get_by_role("button", name="Valider").click()
        welcome(page)


def test_a_photo_is_made_small_and_read(doorway, address):
    *_, code = doorway
    asked = []
    with opened(address) as page:
        page.on("request", lambda one: asked.append(len(one.post_data_buffer or b"")))
        photo = page.get_by_label("Prendre le dessin en photo")
        photo.set_input_files(upload())
        expect(told(page)).to_have_text(UNREAD)
        photo.set_input_files(upload(code))
        welcome(page)
        photo.set_input_files(upload(code))
        expect(told(page)).to_have_class(BEFORE)
        assert "code déjà vu à" in told(page).inner_text()
    assert len(asked) == 3
    assert max(asked) < 150_000


def test_without_scripts_photos_are_read_and_codes_typed(doorway, address):
    *_, code = doorway
    with opened(address, java_script_enabled=False) as page:
        assert not page.get_by_role("button", name="Scanner un code").is_visible()
        for photo, name in ((upload(), "unread"), (upload(code), "welcome"), (upload(code), "before")):
            page.get_by_label("Prendre le dessin en photo").set_input_files(photo)
            page.get_by_role("button", name="Lire la photo").click()
            expect(told(page)).to_have_class(f"told {name}")
        page.get_by_label("Code écrit").fill("A3-2222")
        page.get_by_role("button", name="Valider").click()
        expect(told(page)).to_have_class("told unknown")


def test_without_network_a_code_is_kept_and_told_later(doorway, address):
    *_, code = doorway
    with opened(address) as page:
        page.context.set_offline(True)
        page.get_by_label("Prendre le dessin en photo").set_input_files(upload(code))
        expect(told(page)).to_have_text("Pas de réseau. Écrivez le code : il sera gardé.")
        page.get_by_label("Code écrit").fill(code)
        page.get_by_role("button", name="Valider").click()
        expect(told(page)).to_have_text(f"Pas de réseau. Le code {code} est gardé.")
        expect(page.locator("#kept")).to_have_text(f"À envoyer dès que possible : {code}.")
        page.context.set_offline(False)
        welcome(page)
        expect(page.locator("#kept")).to_be_hidden()


def test_a_link_that_is_over_loses_no_code_and_the_next_one_sends_it(doorway, address):
    *_, code = doorway
    with opened(address) as page:
        page.route(
            address, lambda route: route.fulfill(status=404) if route.request.method == "POST" else route.fallback()
        )
        page.get_by_label("Code écrit").fill(code)
        page.get_by_role("button", name="Valider").click()
        expect(told(page)).to_have_text("Ce lien n'est plus valable. Demandez-en un autre au bot : présence.")
        expect(page.locator("#kept")).to_have_text(f"À envoyer par un autre lien : {code}.")
        page.unroute(address)
        page.reload()
        welcome(page)
        expect(page.locator("#kept")).to_be_hidden()


def test_an_answer_that_is_none_of_ours_keeps_the_code(doorway, address):
    """As from a hotel's network, which answers everything with a page of its own."""
    *_, code = doorway
    with opened(address) as page:
        page.route(address, lambda route: route.fulfill(status=200, body="<h1>Bienvenue</h1>"))
        page.get_by_label("Code écrit").fill(code)
        page.get_by_role("button", name="Valider").click()
        expect(told(page)).to_have_text(f"Pas de réseau. Le code {code} est gardé.")
