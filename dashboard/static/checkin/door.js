// The door of a workshop: reads codes with the camera, sends each once, keeps them without network.

const told = document.getElementById("told");
const attended = document.getElementById("attended");
const taken = document.getElementById("taken");
const camera = document.getElementById("camera");
const scan = document.getElementById("scan");
const form = document.getElementById("typed");
const field = document.getElementById("code");
const snapped = document.getElementById("snapped");
const photo = document.getElementById("photo");
const kept = document.getElementById("kept");
const KEPT = `kept:${document.title}`; // codes that were not heard; a newer link to this workshop sends them too
const EVERY = 250; // milliseconds between two looks of the camera
const SENT_EVERY = 1000; // where the market reads what it sees: a minute costs less than a megabyte
const AGAIN = 4000; // milliseconds out of sight until the same code is read once more
const LOOK = 480; // pixels of the longer side of such a look
const SNAP = 1200; // and of a photo
const NO_NETWORK = "Pas de réseau. Écrivez le code : il sera gardé.";
const OVER = "Ce lien n'est plus valable. Demandez-en un autre au bot : présence.";
let isOver = false; // the market knows this address no more
let isSending = false;

function say(outcome, words) {
  told.className = `told ${outcome}`;
  told.textContent = words;
  if (navigator.vibrate) navigator.vibrate(outcome === "welcome" ? 80 : [60, 60, 60]);
}

function waiting() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) || "[]");
  } catch {
    return [];
  }
}

function keep(codes) {
  localStorage.setItem(KEPT, JSON.stringify(codes));
  kept.hidden = codes.length === 0;
  kept.textContent = `À envoyer ${isOver ? "par un autre lien" : "dès que possible"} : ${codes.join(", ")}.`;
}

// What the market answers, null where it does not, or where this page is over.
async function ask(address, body) {
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  isOver = answer !== null && answer.status === 404;
  if (isOver) say("lost", OVER);
  return answer && answer.ok ? answer.json().catch(() => null) : null;
}

// Tells the door a code or a photo of one; false where it was not heard.
async function send(body) {
  const shown = await ask(location.pathname, body);
  if (shown) {
    attended.textContent = shown.attended;
    taken.textContent = shown.taken;
    say(shown.outcome, shown.told);
  }
  return shown !== null;
}

async function tell(code) {
  if (await send(new URLSearchParams({ code }))) return;
  keep([...new Set([...waiting(), code])]);
  if (!isOver) say("waiting", `Pas de réseau. Le code ${code} est gardé.`);
}

async function sendKept() {
  if (isSending || isOver) return;
  isSending = true;
  for (const code of waiting()) {
    if (!(await send(new URLSearchParams({ code })))) break;
    keep(waiting().filter((one) => one !== code));
  }
  isSending = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const code = field.value.trim().toUpperCase();
  if (code) tell(code);
  field.value = "";
  field.focus();
});

// The picture as a small JPEG.
function small(picture, width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.7));
}

function posted(picture) {
  const body = new FormData();
  body.set("photo", picture, "photo.jpg");
  return body;
}

// The code that the camera sees, "" for none; the browser reads it where it can, else the market (null: no network).
async function see(detector) {
  if (camera.readyState < 2 || document.hidden) return "";
  if (!detector) {
    const picture = await small(camera, camera.videoWidth, camera.videoHeight, LOOK);
    const read = await ask(`${location.pathname}/read`, posted(picture));
    return read && (read.code || "");
  }
  const found = await detector.detect(camera).catch(() => []);
  return found.length ? found[0].rawValue.trim() : "";
}

async function look(detector, last) {
  const code = await see(detector).catch(() => "");
  if (code === null && !isOver) say("waiting", NO_NETWORK);
  if (code) {
    const isNew = code !== last.code || Date.now() - last.at > AGAIN;
    last.code = code;
    last.at = Date.now();
    if (isNew) await tell(code);
  }
  setTimeout(look, detector ? EVERY : SENT_EVERY, detector, last);
}

async function reader() {
  const formats = "BarcodeDetector" in window ? await BarcodeDetector.getSupportedFormats().catch(() => []) : [];
  return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
}

async function start() {
  try {
    camera.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    say("lost", "La caméra ne s'ouvre pas. Prenez une photo, ou écrivez le code.");
    return;
  }
  camera.hidden = false;
  scan.hidden = true;
  snapped.hidden = true;
  await camera.play();
  look(await reader(), { code: "", at: 0 });
}

async function sendPhoto() {
  const [file] = photo.files;
  if (!file) return;
  say("", "Je lis la photo…");
  const picture = await createImageBitmap(file).catch(() => null);
  const sent = picture ? await small(picture, picture.width, picture.height, SNAP) : file;
  photo.value = "";
  if (!(await send(posted(sent))) && !isOver) say("waiting", NO_NETWORK);
}

photo.addEventListener("change", sendPhoto);
photo.hidden = true; // its label is a button
document.getElementById("send-photo").hidden = true;
if (navigator.mediaDevices) {
  scan.hidden = false;
  scan.addEventListener("click", start);
}
window.addEventListener("online", sendKept);
setInterval(sendKept, 10000);
keep(waiting());
sendKept();
