"""The simulator in a real browser, from hello to a parcel accepted: by mouse, by keys alone, and on a narrow screen."""

import json
import os
import re
from contextlib import ExitStack, contextmanager

import pytest
import requests
from playwright.sync_api import sync_playwright
from redis import Redis

from base.hours import DAYS, read_hours
from orders import shops
from tests import chromium, databases
from tests.conftest import VARIABLES
from tests.journeys.conftest import environment, settle_people
from tests.journeys.stage import Stage
from tests.journeys.transcript import pattern_of
from tests.ports import free_port
from tests.processes.house import KEPT, WEB, Process
from tests.waiting import wait_for

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
    " --no-first-run"
).split()
ALWAYS = read_hours({day: ["00:00-24:00"] for day in DAYS})
SELLER, KOSSI, CHIEF = "+22890000101", "+22890000102", "+22890000090"
PHOTOGRAPHS = os.environ.get("PHOTOGRAPHS")  # a folder for pictures of the page, for who wants to look at it

ORDERED = """Merci {name} ! Votre commande TG-{code} est enregistrée.
Total : 18 000 F CFA, à payer à la livraison.
Le vendeur répond sous 24 heures, nous vous écrirons.
Que souhaitez-vous faire ?"""
ASKED = """Nouvelle commande TG-{code}
• 1 × Riz parfumé 25 kg : 17 500 F
Articles : 17 500 F. Livraison : 500 F.
À livrer à Agoè-Nyivé, derrière le marché
Répondez avant le ????? à ?????."""
ACCEPTED = """Maman Yawa Céréales accepte votre commande TG-{code}.
Code à dire au livreur : ????
Téléphone de la boutique : 90 00 01 01"""


@pytest.fixture(scope="module")
def market(services, planted, redis_url, tmp_path_factory):
    """The address of a market in processes of its own: a web door and a worker."""
    template, photos = planted
    folder, port = tmp_path_factory.mktemp("browser"), free_port()
    with ExitStack() as stack:
        stack.enter_context(Redis.from_url(redis_url)).flushdb()
        url = stack.enter_context(databases.copied_database(services, template))
        secret = {"PORT": str(port), "SIMULATOR_SECRET": VARIABLES["SIMULATOR_SECRET"]}
        environ = {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            **environment(url, redis_url, photos, **secret),
        }
        stage = Stage(environ)
        settle_people(stage, None)
        with stage.market.database.unit_of_work() as db:  # the page's own clock is real: shops are open at any hour
            shops.set_hours(db, db.value("select array_agg(id) from vendor"), ALWAYS, ALWAYS)
        stage.close()
        for name, command in (("web", [*WEB.split(), "--port", str(port), "webhooks:app"]), ("worker", ["worker.py"])):
            process = Process(name, command, environ, folder)
            stack.callback(process.kill)
            process.start()
        market = f"http://127.0.0.1:{port}"
        wait_for(lambda: is_ready(market), "the market is ready")
        yield market


@pytest.fixture(scope="module")
def browser():
    """Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.needed(), args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def page_of(browser, market, buyer, width=1400, seller=SELLER):
    """The page with three phones, whose console must stay free of errors."""
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="fr-FR")
    guest = {"name": "Afi", "phone": buyer, "role": "guest"}  # only somebody whom the demo does not know
    for name, value in (("guests", [guest]), ("phones", [buyer, seller, CHIEF])):
        context.add_init_script(f"localStorage.setItem('simulator.{name}', {json.dumps(json.dumps(value))})")
    page, errors = context.new_page(), []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{market}/simulator")
    yield page
    context.close()
    assert errors == []


def is_ready(market):
    try:
        return requests.get(f"{market}/readyz", timeout=2).ok
    except requests.ConnectionError:
        return False


class Hand:
    """Somebody who uses the phones of a page by mouse (or finger)."""

    def __init__(self, page):
        self.page, self.known = page, {}

    def phone(self, place):
        return self.page.locator(".phone").nth(place)

    def look_at(self, place):
        """On a narrow screen one phone is seen at a time."""
        tab = self.page.get_by_role("tab").nth(place)
        if tab.is_visible():
            tab.click()

    def bubbles(self, place):
        return self.phone(place).locator(".market .bubble p").all_text_contents()

    def hears(self, place, words):
        """Wait for a bubble that is exactly these words, and is the last."""
        seen = pattern_of(words, self.known)
        wait_for(lambda: (self.bubbles(place) or [""])[-1] and seen.fullmatch(self.bubbles(place)[-1]), f"{words!r}")
        self.known |= seen.fullmatch(self.bubbles(place)[-1]).groupdict()

    def says(self, place, words):
        self.phone(place).locator("textarea").fill(words)
        self.phone(place).locator(".send").click()

    def chooses(self, place, title):
        self.phone(place).locator(".reply", has_text=re.compile(f"^{re.escape(title)}$")).last.click()

    def picks(self, place, title):
        self.chooses(place, "Voir les choix")
        self.phone(place).locator(".choice", has_text=title).first.click()

    def takes(self, place, title):
        """A good of the last shelf."""
        shelf = self.phone(place).locator(".shelf").last
        shelf.get_by_role("button", name=f"Choisir : {title}", exact=True).click()


class Keys(Hand):
    """Somebody without a mouse: Tab, Shift+Tab, arrows, Enter and letters are all there is."""

    def reach(self, key, is_there):
        for _ in range(120):
            if self.page.evaluate(f"(() => {{ const at = document.activeElement; return {is_there}; }})()"):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{is_there} is never reached by {key}")

    def in_phone(self, place):
        return f"document.querySelectorAll('.phone')[{place}].contains(at)"

    def says(self, place, words):
        self.reach("Tab", f"at.tagName === 'TEXTAREA' && {self.in_phone(place)}")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")

    def chooses(self, place, title):
        self.reach("Tab", f"at.tagName === 'TEXTAREA' && {self.in_phone(place)}")
        self.reach("Shift+Tab", f"at.textContent === {json.dumps(title)} && {self.in_phone(place)}")
        self.page.keyboard.press("Enter")

    def picks(self, place, title):
        self.chooses(place, "Voir les choix")
        self.reach("ArrowDown", f"at.textContent.startsWith({json.dumps(title)})")
        self.page.keyboard.press("Enter")

    def takes(self, place, title):
        self.reach("Tab", f"at.tagName === 'TEXTAREA' && {self.in_phone(place)}")
        label = json.dumps(f"Choisir : {title}")
        self.reach("Shift+Tab", f"at.getAttribute('aria-label') === {label} && {self.in_phone(place)}")
        self.page.keyboard.press("Enter")


def buys(hand, name):
    """From hello to confirmation on the first phone, and the vendor's yes on the second."""
    hand.look_at(1)
    hand.says(1, "bonjour")
    hand.hears(1, "À répondre : 0. En préparation : {working}.\nQue souhaitez-vous faire ?")
    hand.look_at(0)
    hand.says(0, "bonjour")
    hand.hears(0, f"Bonjour {name} 👋 Bienvenue au marché Assigamé.…")
    hand.chooses(0, "Voir les produits")
    hand.hears(0, "Quel rayon vous intéresse ?")
    hand.picks(0, "Céréales et féculents")
    hand.hears(0, "Quel produit voulez-vous voir ?")
    hand.takes(0, "Riz parfumé 25 kg")
    hand.hears(0, "Riz parfumé 25 kg\n17 500 F CFA (sac)…")
    assert hand.phone(0).locator(".market .bubble img.photo").count() == 1
    hand.chooses(0, "Ajouter au panier")
    hand.hears(0, "Riz parfumé 25 kg : 17 500 F (sac). Il en reste {left}.\nCombien en voulez-vous ?")
    hand.says(0, "1")
    hand.hears(0, "C'est dans le panier : 1 × Riz parfumé 25 kg.…")
    hand.chooses(0, "Commander")
    hand.hears(0, "Dans quel quartier livrons-nous ?\n\n1. Venir chercher")
    assert hand.phone(0).locator(".ask").last.text_content() == "Envoyer ma position"
    hand.says(0, "agoe derrière le marché")
    hand.hears(0, "Qui reçoit la commande ? Vous, …")
    hand.chooses(0, "Moi-même")
    hand.hears(0, "Quel numéro appelons-nous à la livraison ? Le vôtre est …")
    hand.chooses(0, "Mon numéro")
    hand.hears(0, "Voici votre commande :…")
    hand.chooses(0, "Confirmer")
    hand.hears(0, ORDERED.replace("{name}", name))
    hand.look_at(1)
    hand.hears(1, ASKED)
    hand.chooses(1, "Accepter")
    hand.hears(1, "À répondre : 0. En préparation : {more}.\nQue souhaitez-vous faire ?")
    assert hand.bubbles(1)[-2].startswith(f"Commande TG-{hand.known['code']} acceptée.\n")
    hand.look_at(0)
    hand.hears(0, ACCEPTED)


@pytest.mark.parametrize(
    ("hand", "buyer", "name", "width"),
    [
        pytest.param(Hand, "+22890000001", "Awa", 1400, marks=pytest.mark.soak),
        (Keys, "+22890000002", "Kodjo", 1400),
        (Hand, "+22890000003", "Rachelle", 360),
    ],
    ids=["by mouse", "by keyboard alone", "at 360 pixels"],
)
def test_an_order_is_placed_and_accepted(browser, market, hand, buyer, name, width):
    with page_of(browser, market, buyer, width) as page:
        buys(hand(page), name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("buyer", "width"), [("+22890000004", 1280), ("+22890000005", 360)])
def test_whoever_opens_the_page_sees_whole_phones_and_a_first_word_to_touch(browser, market, buyer, width):
    with page_of(browser, market, buyer, width) as page:
        hand = Hand(page)
        welcome = hand.phone(0).locator(".welcome")
        assert welcome.locator("h2").text_content() == "Bienvenue au marché !"
        assert welcome.locator("p").text_content() == "Dites bonjour, ou écrivez ce que vous cherchez."
        place = hand.phone(0).bounding_box()
        assert place["height"] > 640
        assert place["y"] + place["height"] <= 800
        shown = welcome.bounding_box()
        assert shown["y"] >= place["y"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        welcome.get_by_text("bonjour", exact=True).click()
        wait_for(lambda: hand.bubbles(0), "the market answers")
        assert welcome.count() == 0


def test_one_button_changes_between_buttons_and_numbers(browser, market):
    with page_of(browser, market, "+22890000006") as page:
        hand, mode = Hand(page), page.locator(".phone").first.locator(".mode")
        hand.says(0, "menu")
        wait_for(lambda: hand.phone(0).locator(".reply").count() > 0, "buttons")
        assert mode.get_attribute("aria-pressed") == "false"
        mode.click()
        wait_for(
            lambda: "Mode texte\u00a0: répondez par le numéro du choix." in " ".join(hand.bubbles(0)),
            "text mode",
        )
        assert hand.phone(0).locator(".own p").last.text_content() == "mode texte"
        wait_for(lambda: "\n1. " in hand.bubbles(0)[-1], "numbers")

        page.reload()
        wait_for(lambda: mode.get_attribute("aria-pressed") == "true", "the page knows its mode again")
        mode.click()
        wait_for(lambda: "Mode boutons\u00a0: touchez le choix qui convient." in hand.bubbles(0), "buttons mode")
        wait_for(lambda: mode.get_attribute("aria-pressed") == "false", "the page follows")


def test_what_is_no_text_can_be_sent_changed_and_taken_back(browser, market):
    with page_of(browser, market, "+22890000007", width=1280) as page:
        hand, phone = Hand(page), page.locator(".phone").first

        def attaches(title, *then):
            phone.locator(".attach").click()
            for words in (title, *then):
                phone.locator(".sheet").get_by_role("button", name=words, exact=True).click()

        hand.says(0, "maïs blanc")
        wait_for(lambda: "Maïs blanc" in "".join(hand.bubbles(0)), "a product")

        attaches("Un vocal (exemple)")
        wait_for(lambda: any(words.startswith("Bien reçu, un instant…") for words in hand.bubbles(0)), "the voice note")
        sound = phone.locator(".own audio")
        wait_for(lambda: sound.evaluate("node => node.duration") > 1, "the sound can be played")

        attaches("Un autocollant", "🎉")
        wait_for(lambda: phone.locator(".own img.sticker").count() == 1, "the sticker")

        attaches("Un contact", "Envoyer")
        wait_for(lambda: any(words.startswith("J'ai vu\u00a0: Afi Mensah.") for words in hand.bubbles(0)), "the card")

        attaches("Une photo en vue unique")
        wait_for(lambda: any("pas en vue unique" in words for words in hand.bubbles(0)), "what cannot be opened")

        cards = phone.locator(".market", has_text="Sec et trié")
        card = cards.nth(cards.count() - 1)  # whatever is shown below it meanwhile
        card.hover()
        card.get_by_role("button", name="Réagir").click()
        phone.locator(".sheet").get_by_role("button", name="❤️").click()
        hand.hears(0, "Vous aimez : Maïs blanc, à 800 F CFA (bol).\nVoulez-vous le commander ?")
        assert card.locator(".reaction").text_content() == "❤️"

        own = phone.locator(".own").first
        own.hover()
        own.get_by_role("button", name="Modifier ou supprimer").click()
        phone.locator(".sheet input").fill("gari fin")
        phone.locator(".sheet").get_by_role("button", name="Corriger").click()
        wait_for(lambda: hand.bubbles(0)[-1].startswith("Bien, je lis votre correction.\nGari fin"), "the correction")
        assert own.locator("p").text_content() == "gari fin"
        own.hover()
        own.get_by_role("button", name="Modifier ou supprimer").click()
        phone.locator(".sheet").get_by_role("button", name="Supprimer").click()
        assert own.locator("p").text_content() == "Message supprimé"


def photograph(page, name):
    if PHOTOGRAPHS:
        page.screenshot(path=f"{PHOTOGRAPHS}/{name}.png")


@pytest.mark.parametrize(
    ("buyer", "width"), [("+22890000008", 1400), pytest.param("+22890000009", 360, marks=pytest.mark.soak)]
)
def test_goods_stand_side_by_side_and_a_place_a_receipt_a_pin_and_a_map_are_shown(browser, market, buyer, width):
    with page_of(browser, market, buyer, width, seller=KOSSI) as page:
        hand, phone = Hand(page), page.locator(".phone").first
        hand.says(0, "savon")
        wait_for(lambda: phone.locator(".good").count() > 1, "the goods")
        shelf = phone.locator(".shelf").last
        wait_for(lambda: shelf.locator("img").first.evaluate("node => node.naturalWidth") > 0, "the first photo")
        photograph(page, f"goods_{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert phone.locator(".mode").get_attribute("aria-pressed") == "false"
        hand.says(0, "10 savon noir")
        hand.hears(0, "10 × Savon noir (pièce) : 3 500 F CFA.…")
        hand.chooses(0, "Oui")
        hand.hears(0, "C'est dans le panier : 10 × Savon noir.…")
        hand.chooses(0, "Commander")

        hand.hears(0, "Dans quel quartier livrons-nous ?\n\n1. Venir chercher")
        assert phone.locator(".mode").get_attribute("aria-pressed") == "false"
        photograph(page, f"place_{width}")
        hand.chooses(0, "Envoyer ma position")
        phone.locator(".sheet .choice").nth(1).click()
        wait_for(
            lambda: "Est-ce là que nous livrons" in hand.bubbles(0)[-1].replace("\u00a0", " "), "the quarter of the pin"
        )
        hand.chooses(0, "Non")
        hand.hears(0, "Dans quel quartier livrons-nous ?\n\n1. Venir chercher")
        hand.says(0, "1")
        hand.hears(0, "Voici votre commande :…")
        hand.chooses(0, "Confirmer")

        hand.hears(0, "Merci …")
        code = re.search("TG-[0-9A-Z]{5}", hand.bubbles(0)[-1])[0]
        receipt = phone.locator(".receipt").last
        assert receipt.locator("strong").text_content() == f"Reçu {code}"
        assert receipt.locator(".total").text_content().replace("\u202f", " ") == "Total3 500 F"
        photograph(page, f"receipt_{width}")

        hand.chooses(0, "Suivre")
        pin = phone.locator(".market .pin").last
        wait_for(lambda: pin.is_visible(), "the pin")
        assert pin.locator("strong").text_content() == "Chez Tonton Kossi"
        assert (
            phone.locator(".bubble a:has(.pin)").get_attribute("href") == "https://maps.google.com/?q=6.16310,1.26040"
        )
        photograph(page, f"pin_{width}")

        hand.look_at(1)
        wait_for(lambda: code in "".join(hand.bubbles(1)), "the vendor's order")
        hand.chooses(1, "Accepter")
        wait_for(lambda: "acceptée" in "".join(hand.bubbles(1)), "the yes")
        hand.says(1, f"P {code[3:6]}")
        hand.look_at(0)
        wait_for(lambda: phone.locator(".reply.link").count() == 1, "the way there")
        link = phone.locator(".reply.link")
        assert (link.text_content(), link.get_attribute("href")) == (
            "Voir la carte",
            "https://maps.google.com/?q=6.16310,1.26040",
        )
        assert "maps" not in hand.bubbles(0)[-1]
        link.scroll_into_view_if_needed()
        photograph(page, f"map_{width}")
