// One phone: who holds it, what was said, what is typed.

import { smaller, stickerSample, voiceSample } from "./attach.js";
import { button, changeWords, dayOf, element, marketBubble, ownBubble, setReaction, setTick, takeBack } from "./bubble.js";
import { Sheet } from "./sheet.js";
import { keepFile, newKey, send, tellSeen, texts } from "./wire.js";

const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const REACTIONS = ["❤️", "👍", "😂", "😮", "🙏", "👎"];
const STICKERS = ["😊", "🎉", "🛍️", "💃", "🙌", "🥰"];
const RANK = { pending: 0, sent: 1, delivered: 2, read: 3, failed: 4 };

export class Phone {
  constructor(person, { onUnread, onChange }) {
    this.onUnread = onUnread;
    this.root = copyOf("phone");
    const find = (selector) => this.root.querySelector(selector);
    [this.log, this.status, this.mode, this.form, this.input, this.down, this.select] =
      [".log", ".status", ".mode", ".composer", "textarea", ".down", "select"].map(find);
    this.sheet = new Sheet(this.root);
    this.seeing = new IntersectionObserver((seen) => this.onSeen(seen), { root: this.log, threshold: 0.5 });
    this.form.onsubmit = (event) => { event.preventDefault(); this.type(); };
    this.input.onkeydown = (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.type(); }
    };
    this.mode.onclick = () => this.say({ text: this.isInTextMode ? texts.to_buttons : texts.to_text });
    this.file = find("input[type=file]");
    find(".attach").onclick = () => this.attach();
    this.select.onchange = () => onChange(this, this.select.value);
    this.log.onscroll = () => this.showDown();
    this.down.onclick = () => this.scrollDown();
    document.addEventListener("visibilitychange", () => this.look());
    this.hold(person);
  }

  hold(person) {
    this.person = person;
    this.clear();
    this.root.setAttribute("aria-label", person.name);
    const face = this.root.querySelector(".face");
    face.textContent = person.name.slice(0, 1);
    face.dataset.role = person.role;
  }

  welcome() {
    const { role } = this.person;
    const card = copyOf("welcome");
    card.querySelector("p").textContent = texts[`hint_${role}`] ?? texts.hint_buyer;
    card.querySelector(".chips").append(...(texts[`chips_${role}`] ?? texts.chips_buyer).split("|").map((text) => {
      const chip = button("chip", text);
      chip.onclick = () => { this.say({ text }); this.input.focus(); };
      return chip;
    }));
    return card;
  }

  clear() {
    this.items = new Map();
    this.unseen = new Set();
    this.shown = new Set();
    this.day = "";
    this.isReady = false;
    this.seeing.disconnect();
    this.log.setAttribute("aria-live", "off");
    this.log.replaceChildren(this.welcome());
    this.setTextMode(false);
    this.onUnread(this);
  }

  setTextMode(isOn) {
    this.isInTextMode = isOn;
    this.mode.setAttribute("aria-pressed", isOn);
  }

  get seenKey() { return `simulator.seen.${this.person.phone}`; }

  setState(state) {
    this.state = state;
    if (!this.timer) this.status.textContent = texts[state];
  }

  // ---- what comes

  ready() {
    this.isReady = true;
    this.log.setAttribute("aria-live", "polite");
    this.scrollDown();
  }

  take(event) {
    if (event.kind === "tick") return this.tick(event.id, event.status);
    if (event.kind === "said") return this.showOwn(event, "sent");
    return this.showMarket(event);
  }

  showOwn(event, status) {
    const other = this.items.get(event.edits ?? event.deletes ?? event.reaction?.to);
    if (event.edits && other) return changeWords(other, event.text, texts.edited);
    if (event.deletes) return other && takeBack(other);
    if (event.reaction) return other && setReaction(other, event.reaction.emoji);
    if (!this.items.has(event.id)) {
      const item = ownBubble(event, () => this.change(event.id));
      this.items.set(event.id, item);
      this.put(item, event.at, true);
    }
    return this.tick(event.id, status);
  }

  tick(id, status) {
    const item = this.items.get(id);
    if (!item || RANK[status] < RANK[item.dataset.tick ?? "pending"]) return;
    item.dataset.tick = status;
    setTick(item, status);
    if (status === "delivered" && this.isReady) this.showTyping();
    if (status === "failed") this.offerRetry(item);
  }

  showMarket(event) {
    if (this.items.has(event.id)) return;
    const choose = (offer) => this.say({ text: offer.title, tap: offer.id, replied_to: event.id });
    const item = marketBubble(event, {
      choose,
      openList: () => this.sheet.offers(event, choose),
      answer: (asked) => this.answer(asked),
      react: () => this.react(event.id),
      quoted: this.items.get(event.quotes)?.querySelector("p")?.textContent,
    });
    item.dataset.id = event.id;
    item.dataset.at = event.at;
    this.items.set(event.id, item);
    this.stopTyping();
    if (event.offers?.length) this.setTextMode(event.layout === "text" && !event.asks); // then the choices stand in the words
    for (const [id, own] of this.items) if (own.dataset.tick === "delivered") this.tick(id, "read");
    const isNear = this.isNearEnd();
    this.put(item, event.at, isNear);
    if (event.at <= Number(localStorage.getItem(this.seenKey) ?? 0)) return;
    this.unseen.add(event.id);
    this.onUnread(this);
    this.seeing.observe(item.querySelector(".meta")); // the end of its words: a tall bubble may never fit whole
  }

  put(item, at, follow) {
    this.log.querySelector(".welcome")?.remove();
    if (dayOf(at) !== this.day) this.log.append(element("li", "day", this.day = dayOf(at)));
    this.log.append(item);
    item.querySelector("img")?.addEventListener("load", () => follow && this.scrollDown());
    if (follow) this.scrollDown();
    this.showDown();
  }

  showTyping() {
    this.stopTyping();
    this.status.textContent = texts.typing;
    this.dots = element("li", "dots", element("i"), element("i"), element("i"));
    this.dots.setAttribute("aria-hidden", "true");
    this.log.append(this.dots);
    this.scrollDown();
    this.timer = setTimeout(() => this.stopTyping(), 8000);
  }

  stopTyping() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.dots?.remove();
    this.status.textContent = texts[this.state ?? "connecting"];
  }

  // ---- what is seen

  onSeen(entries) {
    for (const { target, isIntersecting } of entries) this.shown[isIntersecting ? "add" : "delete"](target.closest("li"));
    this.look();
  }

  look() {
    if (document.hidden) return;
    const at = (id) => Number(this.items.get(id).dataset.at);
    const latest = Math.max(0, ...[...this.shown].map((item) => Number(item.dataset.at)));
    const read = [...this.unseen].filter((id) => at(id) <= latest); // whoever sees one has passed those above it
    if (!read.length) return;
    for (const id of read) { this.unseen.delete(id); this.seeing.unobserve(this.items.get(id).querySelector(".meta")); }
    this.shown.clear();
    localStorage.setItem(this.seenKey, latest);
    tellSeen(this.person.phone, read.slice(-50)).catch(() => {});
    this.onUnread(this);
    this.showDown();
  }

  isNearEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 120; }

  scrollDown() { this.log.scrollTop = this.log.scrollHeight; }

  showDown() {
    this.down.hidden = this.isNearEnd();
    this.down.textContent = this.unseen.size ? `↓ ${this.unseen.size} ${texts.unread}` : "↓";
  }

  // ---- what is said

  type() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.say({ text });
  }

  async say(content) {
    const id = newKey();
    const event = { ...content, id: `sim-in-${id}`, at: Date.now() };
    this.showOwn(event, "pending");
    const item = this.items.get(event.id);
    if (item) item.content = content;
    try {
      await send({ ...content, id, phone: this.person.phone, name: this.person.name });
    } catch {
      this.tick(event.id, "failed");
    }
  }

  offerRetry(item) {
    if (!item.content) return;
    const retry = button("retry", texts.retry);
    retry.onclick = () => { item.remove(); this.say(item.content); };
    item.append(retry);
    this.scrollDown();
  }

  attach() {
    this.sheet.attach({
      attach_photo: () => this.pick("image/*", "photo", smaller),
      attach_voice: () => this.keepAndSay("file", voiceSample(), texts.voice),
      attach_sticker: () => this.sheet.emojis(texts.attach_sticker, STICKERS,
        (emoji) => this.keepAndSay("sticker", stickerSample(emoji), emoji)),
      attach_place: () => this.sheet.places((location) => this.say({ location })),
      attach_card: () => this.sheet.card((card) => this.say({ card })),
      attach_file: () => this.pick("audio/*,video/mp4,application/pdf", "file", (file) => file),
      attach_once: () => this.say({ once: true }),
    });
  }

  pick(accept, name, prepare) {
    this.file.accept = accept;
    this.file.onchange = () => {
      const [chosen] = this.file.files;
      this.file.value = "";
      if (chosen) this.keepAndSay(name, prepare(chosen), chosen.name);
    };
    this.file.click();
  }

  async keepAndSay(name, blob, label) {
    try {
      this.say({ [name]: await keepFile(await blob) });
    } catch {
      this.showOwn({ id: newKey(), at: Date.now(), text: `${label} : ${texts.file_refused}` }, "failed");
    }
  }

  answer(asked) {
    if (asked === "location") return this.sheet.places((location) => this.say({ location }));
    return this.say({ card: { name: this.person.name, phone: this.person.phone } });
  }

  react(id) {
    this.sheet.emojis(texts.react_title, REACTIONS, (emoji) => this.say({ reaction: { to: id, emoji } }));
  }

  change(id) {
    const words = this.items.get(id).querySelector("p")?.textContent ?? "";
    this.sheet.change(words, {
      edit: (text) => this.say({ text, edits: id }),
      remove: () => this.say({ deletes: id }),
    });
  }
}
