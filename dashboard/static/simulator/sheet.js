// The sheet that slides over one phone: a list to choose from, a pin to send, a number to take.

import { button, element } from "./bubble.js";
import { setup, texts } from "./wire.js";

export class Sheet {
  constructor(root) {
    this.veil = root.querySelector(".veil");
    this.title = this.veil.querySelector("h2");
    this.choices = this.veil.querySelector(".choices");
    this.others = [...root.children].filter((node) => node !== this.veil);
    this.veil.querySelector(".close").onclick = () => this.close();
    this.veil.onclick = (event) => { if (event.target === this.veil) this.close(); };
    this.veil.onkeydown = (event) => this.onKey(event);
  }

  open(title, nodes) {
    this.before = document.activeElement;
    this.title.textContent = title;
    this.veil.firstElementChild.setAttribute("aria-label", title);
    this.choices.replaceChildren(...nodes);
    this.veil.hidden = false;
    this.others.forEach((node) => { node.inert = true; });
    this.focusable()[0]?.focus();
  }

  close() {
    this.veil.hidden = true;
    this.others.forEach((node) => { node.inert = false; });
    this.before?.focus();
  }

  focusable() {
    return [...this.veil.querySelectorAll("button, input")];
  }

  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? (event.key === "Tab" ? (event.shiftKey ? -1 : 1) : 0);
    if (event.key === "Escape") this.close();
    if (!step) return;
    event.preventDefault();
    const all = this.focusable();
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
  }

  choice(title, detail, onChoose) {
    const node = button("choice", element("strong", "", title));
    if (detail) node.append(element("small", "", detail));
    node.onclick = () => { this.close(); onChoose(); };
    return node;
  }

  offers(event, choose) {
    const row = (offer) => this.choice(offer.title, offer.detail, () => choose(offer));
    this.open(event.opener, inSections(event).flatMap(([name, offers]) => [
      ...(name ? [element("h3", "section", name)] : []), ...offers.map(row),
    ]));
  }

  attach(ways) {
    this.open(texts.attach_title, Object.entries(ways).map(([name, act]) => this.choice(texts[name], "", act)));
  }

  emojis(title, emojis, send) {
    const buttons = emojis.map((emoji) => {
      const node = button("", emoji);
      node.onclick = () => { this.close(); send(emoji); };
      return node;
    });
    this.open(title, [element("div", "emojis", ...buttons)]);
  }

  card(send) {
    const [name, nameField] = this.field(texts.card_name, "Afi Mensah", "text");
    const [phone, phoneField] = this.field(texts.card_phone, "97 12 34 56", "tel");
    const form = element("form", "", nameField, phoneField, element("button", "take", texts.send));
    form.onsubmit = (event) => {
      event.preventDefault();
      if (form.reportValidity()) { this.close(); send({ name: name.value.trim(), phone: phone.value.trim() }); }
    };
    this.open(texts.card_title, [form]);
  }

  change(text, { edit, remove }) {
    const gone = this.choice(texts.delete, "", remove);
    if (!text) return this.open(texts.change_title, [gone]);
    const [words, field] = this.field(texts.new_words, text, "text", 1000);
    const form = element("form", "", field, element("button", "take", texts.edit));
    form.onsubmit = (event) => {
      event.preventDefault();
      if (form.reportValidity()) { this.close(); edit(words.value.trim()); }
    };
    return this.open(texts.change_title, [form, gone]);
  }

  field(label, value, type, maxLength = 40) {
    const input = element("input");
    Object.assign(input, { value, type, required: true, maxLength });
    return [input, element("label", "field", element("span", "", label), input)];
  }

  places(send) {
    const here = button("choice", element("strong", "", texts.my_place));
    here.onclick = () => navigator.geolocation?.getCurrentPosition(
      ({ coords }) => { this.close(); send({ latitude: coords.latitude, longitude: coords.longitude, label: "" }); },
      () => { here.replaceChildren(element("strong", "", texts.no_place)); },
      { timeout: 8000 },
    );
    const spots = setup.spots.map((spot) => this.choice(spot.label, "", () => send(spot)));
    this.open(texts.place_title, [here, ...spots, element("small", "credit", setup.credit)]);
  }

  number(take) {
    const [name, nameField] = this.field(texts.new_name, "", "text");
    const [phone, phoneField] = this.field(texts.new_phone, `+228 90 00 ${twoDigits()} ${twoDigits()}`, "tel");
    const form = element("form", "", nameField, phoneField, element("button", "take", texts.create));
    form.onsubmit = (event) => {
      event.preventDefault();
      const number = phone.value.replace(/[^+\d]/g, "").replace(/^(?!\+)/, "+228");
      phone.setCustomValidity(/^\+[1-9]\d{7,14}$/.test(number) ? "" : texts.bad_phone);
      if (form.reportValidity()) { this.close(); take({ name: name.value.trim(), phone: number, role: "guest" }); }
    };
    phone.oninput = () => phone.setCustomValidity("");
    this.open(texts.new_number, [form]);
  }
}

// Offers by their sections; those without one come last, below the opener's name, and without any there are no names.
function inSections({ opener, offers }) {
  const named = new Map();
  for (const offer of offers) {
    const name = offer.section ?? "";
    named.set(name, [...(named.get(name) ?? []), offer]);
  }
  const others = named.get("") ?? [];
  named.delete("");
  if (!named.size) return [["", others]];
  return [...named, ...(others.length ? [[opener, others]] : [])];
}

const twoDigits = () => String(Math.floor(10 + Math.random() * 90));
