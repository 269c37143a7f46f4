// How one bubble looks; nothing here is ever read as HTML.

import { setup, texts } from "./wire.js";

export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

export function button(className, ...children) {
  const node = element("button", className, ...children);
  node.type = "button";
  return node;
}

const MARKS = /(https?:\/\/[^\s<>"]+|(?<!\w)\*[^*\n]+\*(?!\w)|(?<!\w)_[^_\n]+_(?!\w))/;

function words(text) {
  return text.split(MARKS).filter(Boolean).map((piece) => {
    if (/^https?:\/\//.test(piece)) {
      const link = element("a", "", piece);
      Object.assign(link, { href: piece, target: "_blank", rel: "noopener noreferrer" });
      return link;
    }
    if (piece.length > 2 && /^\*.+\*$/.test(piece)) return element("strong", "", piece.slice(1, -1));
    if (piece.length > 2 && /^_.+_$/.test(piece)) return element("em", "", piece.slice(1, -1));
    return piece;
  });
}

function clock(at) {
  const moment = new Date(at);
  const time = element("time", "", moment.toLocaleTimeString(setup.language, {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Africa/Lome",
  }));
  time.dateTime = moment.toISOString();
  return time;
}

export function dayOf(at) {
  const day = (date) => date.toLocaleDateString(setup.language, { day: "numeric", month: "long", timeZone: "Africa/Lome" });
  return day(new Date(at)) === day(new Date()) ? texts.today : day(new Date(at));
}

function picture(source) {
  const image = element("img", "photo");
  Object.assign(image, { src: source, alt: texts.photo, loading: "lazy" });
  return image;
}

function pin({ label, latitude, longitude }) {
  const where = `${Number(latitude).toFixed(4)}, ${Number(longitude).toFixed(4)}`;
  const words = element("span", "", element("strong", "", label || texts.pin), element("small", "", where));
  return element("div", "pin", element("span", "map"), words);
}

function paragraph(text) {
  const words_ = element("p", "", ...words(text));
  words_.dir = "auto";
  return words_;
}

// A bubble of the market: words, photo, and what can be chosen; `choose(offer)` and `openList()` act.
export function marketBubble(event, { choose, openList }) {
  const body = element("div", "bubble");
  if (event.photo) body.append(picture(event.photo));
  body.append(paragraph(event.body), element("span", "meta", clock(event.at)));
  const item = element("li", "market", body);
  if (event.layout === "buttons") {
    item.append(element("div", "replies", ...event.offers.map((offer) => {
      const reply = button("reply", offer.title);
      reply.onclick = () => choose(offer);
      return reply;
    })));
  } else if (event.layout === "list") {
    const opener = button("reply opener", event.opener);
    opener.setAttribute("aria-haspopup", "dialog");
    opener.onclick = openList;
    item.append(element("div", "replies", opener));
  }
  return item;
}

// A bubble of the person, with its ticks.
export function ownBubble(event) {
  const body = element("div", "bubble");
  if (event.photo) body.append(picture(`/simulator/photos/${event.photo}`));
  if (event.location) body.append(pin(event.location));
  if (event.text) body.append(paragraph(event.text));
  const tick = element("span", "tick");
  tick.setAttribute("role", "img");
  body.append(element("span", "meta", clock(event.at), tick));
  return element("li", event.tap ? "own tapped" : "own", body);
}

export function setTick(item, status) {
  const tick = item.querySelector(".tick");
  tick.dataset.status = status;
  tick.setAttribute("aria-label", texts[status] ?? "");
}
