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

function pin({ label, address, latitude, longitude }) {
  const where = `${Number(latitude).toFixed(4)}, ${Number(longitude).toFixed(4)}`;
  const words = element("span", "", element("strong", "", label || texts.pin), element("small", "", address || where));
  return element("div", "pin", element("span", "map"), words);
}

function sound(source) {
  return Object.assign(element("audio", "sound"), { src: source, controls: true, preload: "metadata", title: texts.voice });
}

function paper(source, name, unnamed = "PDF") { // receipts are told without an ending
  const link = Object.assign(element("a", "paper", name || texts.document), { href: source, target: "_blank", rel: "noopener noreferrer" });
  const ending = /\.([a-z0-9]{2,4})$/i.exec(name || new URL(source, location.href).pathname);
  link.dataset.kind = ending ? ending[1].toUpperCase() : unnamed;
  return link;
}

function card({ name, phone }) {
  const words = element("span", "", element("strong", "", name || texts.contact), element("small", "", phone));
  return element("div", "pin", element("span", "face", (name || "?").slice(0, 1)), words);
}

// Any file by what it is named here: a sound first, and where the browser finds none in it, a link.
function file(source) {
  const player = sound(source);
  player.onerror = () => player.replaceWith(paper(source, "", "≡"));
  return player;
}

export function sideButton(label, sign, act) {
  const node = button("side", sign);
  node.setAttribute("aria-label", label);
  node.title = label;
  node.onclick = act;
  return node;
}

function paragraph(text) {
  const words_ = element("p", "", ...words(text));
  words_.dir = "auto";
  return words_;
}

// A bubble of the market: words, a file, and what can be chosen; `choose(offer)`, `openList()`, `answer(asked)` and
// `react()` act; `quoted` are the words that it answers, where they are known.
export function marketBubble(event, { choose, openList, answer, react, quoted }) {
  const body = element("div", "bubble");
  if (quoted) body.append(element("div", "quoted", quoted));
  if (event.place) body.append(opens(mapOf(event.place), pin(event.place)));
  if (event.receipt) body.append(receipt(event.receipt));
  if (event.photo) body.append(picture(event.photo));
  if (event.document) body.append(paper(event.document, event.document_name));
  if (event.audio) body.append(sound(event.audio));
  if (event.body && !event.receipt) body.append(paragraph(event.body));
  body.append(element("span", "meta", clock(event.at)));
  const item = element("li", "market", body);
  item.append(sideButton(texts.react, "☺", react));
  const below = choices(event, { choose, openList });
  if (event.link) below.push(Object.assign(opens(event.link.url, event.link.title), { className: "reply link" }));
  if (event.asks) below.push(act("reply ask", event.asks === "phone" ? texts.share_phone : texts.send_place, () => answer(event.asks)));
  if (below.length) item.append(element("div", "replies", ...below));
  if (isOfGoods(event)) item.classList.add("goods");
  return item;
}

function act(className, label, onClick) {
  return Object.assign(button(className, label), { onclick: onClick });
}

const isOfGoods = (event) => event.layout === "list" && event.offers.some((offer) => offer.photo);

// What can be chosen: buttons, a list behind its opener, or goods side by side with what else there is below them.
function choices(event, { choose, openList }) {
  const replies = (offers) => offers.map((offer) => act("reply", offer.title, () => choose(offer)));
  if (event.layout === "buttons") return replies(event.offers);
  if (event.layout !== "list") return [];
  if (isOfGoods(event)) {
    const goods = event.offers.filter((offer) => offer.product), others = event.offers.filter((offer) => !offer.product);
    const shelf = element("div", "shelf", ...goods.map((offer) => good(offer, choose)));
    shelf.tabIndex = -1;
    return [shelf, ...replies(others)];
  }
  const opener = act("reply opener", event.opener, openList);
  opener.setAttribute("aria-haspopup", "dialog");
  return [opener];
}

// One good of a shelf. A title that was cut stands whole before the dot of its detail.
function good(offer, choose) {
  const [first, ...rest] = (offer.detail ?? "").split(" · ");
  const isCut = offer.title.endsWith("…") && first.startsWith(offer.title.slice(0, -1));
  const title = isCut ? first : offer.title, detail = isCut ? rest.join(" · ") : offer.detail;
  const image = offer.photo ? picture(offer.photo) : element("span", "photo");
  const take = act("reply", texts.choose, () => choose(offer));
  take.setAttribute("aria-label", `${texts.choose} : ${title}`);
  return element("div", "good", image, element("strong", "", title), element("small", "", detail ?? ""), take);
}

function opens(address, ...children) {
  return Object.assign(element("a", "", ...children), { href: address, target: "_blank", rel: "noopener noreferrer" });
}

const mapOf = ({ latitude, longitude }) => `https://maps.google.com/?q=${latitude.toFixed(5)},${longitude.toFixed(5)}`;

const money = (amount) => `${amount.toLocaleString(setup.language)} F`;

function receipt({ code, recipient, payment, lines, delivery, total }) {
  const row = (name, label, amount) => element("div", name, element("span", "", label), element("span", "", money(amount)));
  return element("div", "receipt",
    element("strong", "", `${texts.receipt} ${code}`),
    element("small", "", `${texts.receipt_for} : ${recipient}`),
    ...lines.map(({ title, quantity, price }) => row("", `${quantity} × ${title}`, quantity * price)),
    ...(delivery ? [row("", texts.receipt_delivery, delivery)] : []),
    row("total", texts.receipt_total, total),
    element("small", "", payment));
}

// A bubble of the person, with its ticks; `change()` corrects it or takes it back.
export function ownBubble(event, change) {
  const body = element("div", "bubble");
  const at = (name) => `/simulator/photos/${name}`;
  if (event.photo) body.append(picture(at(event.photo)));
  if (event.sticker) body.append(Object.assign(element("img", "sticker"), { src: at(event.sticker), alt: texts.sticker }));
  if (event.file) body.append(file(at(event.file)));
  if (event.location) body.append(pin(event.location));
  if (event.card) body.append(card(event.card));
  if (event.once) body.append(paragraph(`① ${texts.once}`));
  if (event.text) body.append(paragraph(event.text));
  const tick = element("span", "tick");
  tick.setAttribute("role", "img");
  body.append(element("span", "meta", clock(event.at), tick));
  const item = element("li", event.tap ? "own tapped" : "own", body);
  if (!event.tap) item.append(sideButton(texts.change, "⋯", change));
  return item;
}

// Other words in the place of a bubble's, or none any more.
export function changeWords(item, text, note) {
  const body = item.querySelector(".bubble"), meta = body.querySelector(".meta");
  body.querySelector("p")?.remove();
  meta.before(paragraph(text));
  meta.querySelector("em")?.remove();
  if (note) meta.prepend(element("em", "", note));
}

export function takeBack(item) {
  const body = item.querySelector(".bubble"), meta = body.querySelector(".meta");
  body.replaceChildren(paragraph(texts.deleted), meta);
  item.classList.add("gone");
  item.querySelector(".side")?.remove();
}

export function setReaction(item, emoji) {
  item.querySelector(".reaction")?.remove();
  if (emoji) item.querySelector(".bubble").append(element("span", "reaction", emoji));
}

export function setTick(item, status) {
  const tick = item.querySelector(".tick");
  tick.dataset.status = status;
  tick.setAttribute("aria-label", texts[status] ?? "");
}
