// The page: three phones, who holds which, and the tabs of small screens.

import { button, element } from "./bubble.js";
import { Phone } from "./phone.js";
import { listen, setup, texts } from "./wire.js";

const ROLES = ["buyer", "vendor", "organizer", "guest"];
const NEW = "new";
const tabs = document.querySelector(".tabs");
const stored = (name, otherwise) => {
  try { return JSON.parse(localStorage.getItem(`simulator.${name}`)) ?? otherwise; } catch { return otherwise; }
};
const store = (name, value) => localStorage.setItem(`simulator.${name}`, JSON.stringify(value));

let guests = stored("guests", []);
const people = () => [...setup.people, ...guests];
const find = (phone) => people().find((person) => person.phone === phone);

function firstHolders() {
  const known = stored("phones", []).map(find).filter(Boolean);
  const wanted = ["buyer", "vendor", "organizer"].map((role) => setup.people.find((person) => person.role === role));
  const spare = people().filter((person) => !wanted.includes(person));
  const all = [...known, ...wanted.filter(Boolean), ...spare];
  return all.filter((person, place) => all.indexOf(person) === place).slice(0, 3);
}

let phones = [], stop = () => {};
phones = firstHolders().map((person) => new Phone(person, { onUnread: showUnread, onChange: change }));

function start() {
  stop();
  phones.forEach((phone) => { phone.clear(); phone.hold(phone.person); fill(phone); });
  store("phones", phones.map((phone) => phone.person.phone));
  drawTabs();
  const byNumber = new Map(phones.map((phone) => [phone.person.phone, phone]));
  stop = listen([...byNumber.keys()], {
    onEvent: (name, event) => (name === "ready" ? phones.forEach((phone) => phone.ready()) : byNumber.get(event.phone)?.take(event)),
    onState: (state) => phones.forEach((phone) => phone.setState(state)),
  });
}

function fill(phone) {
  const taken = phones.filter((other) => other !== phone).map((other) => other.person.phone);
  const option = (value, label, isOff) => Object.assign(element("option", "", label), { value, disabled: isOff });
  const groups = ROLES.map((role) => {
    const group = element("optgroup", "", ...people().filter((person) => person.role === role)
      .map((person) => option(person.phone, person.name, taken.includes(person.phone))));
    group.label = texts[role];
    return group;
  });
  phone.select.replaceChildren(...groups.filter((group) => group.children.length), option(NEW, texts.new_number, false));
  phone.select.value = phone.person.phone;
}

function change(phone, choice) {
  const take = (person) => { phone.person = person; start(); phone.input.focus(); };
  if (choice !== NEW) return take(find(choice));
  phone.select.value = phone.person.phone;
  return phone.sheet.number((guest) => {
    if (phones.some((other) => other !== phone && other.person.phone === guest.phone)) return;
    if (!find(guest.phone)) store("guests", guests = [...guests, guest].slice(-20));
    take(find(guest.phone));
  });
}

function drawTabs() {
  tabs.replaceChildren(...phones.map((phone, place) => {
    const tab = button("tab", element("span", "", phone.person.name.split(" · ")[0]), element("b", "badge"));
    tab.setAttribute("role", "tab");
    tab.onclick = () => choose(place);
    tab.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) choose((place + step + phones.length) % phones.length, true);
    };
    return tab;
  }));
  choose(phones.findIndex((phone) => phone.root.classList.contains("chosen")));
  phones.forEach(showUnread);
}

function choose(place, focus) {
  const at = Math.max(0, place);
  phones.forEach((phone, index) => phone.root.classList.toggle("chosen", index === at));
  [...tabs.children].forEach((tab, index) => {
    tab.setAttribute("aria-selected", index === at);
    tab.tabIndex = index === at ? 0 : -1;
  });
  if (focus) tabs.children[at].focus();
  phones[at].scrollDown();
}

function showUnread(phone) {
  const badge = tabs.children[phones.indexOf(phone)]?.querySelector(".badge");
  if (!badge) return;
  badge.textContent = phone.unseen.size || "";
  badge.setAttribute("aria-label", phone.unseen.size ? `${phone.unseen.size} ${texts.unread}` : "");
  const all = phones.reduce((sum, one) => sum + one.unseen.size, 0);
  document.title = (all ? `(${all}) ` : "") + texts.title;
}

document.querySelector(".phones").append(...phones.map((phone) => phone.root));
start();
