// The door of a workshop: reads codes with the camera where the phone can, sends each once, keeps them without network.

const told = document.getElementById("told");
const attended = document.getElementById("attended");
const taken = document.getElementById("taken");
const camera = document.getElementById("camera");
const scan = document.getElementById("scan");
const form = document.getElementById("typed");
const field = document.getElementById("code");
const kept = document.getElementById("kept");
const KEPT = `kept:${location.pathname}`; // codes that were read without network
const EVERY = 250; // milliseconds between two looks of the camera
const AGAIN = 4000; // milliseconds until the same code is read once more

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
  kept.textContent = `Sans réseau : ${codes.length} code(s) gardé(s), envoyés dès que possible.`;
}

async function send(code) {
  const body = new URLSearchParams({ code });
  const answer = await fetch(location.pathname, { method: "POST", body, headers: { Accept: "application/json" } });
  if (answer.status === 404) {
    say("lost", "Ce lien n'est plus valable. Demandez-en un autre au bot : présence.");
    return true;
  }
  if (!answer.ok) return false;
  const shown = await answer.json();
  attended.textContent = shown.attended;
  taken.textContent = shown.taken;
  say(shown.outcome, shown.told);
  return true;
}

async function tell(code) {
  let isTold = false;
  try {
    isTold = await send(code);
  } catch {
    // no network: it is kept below
  }
  if (isTold) return;
  keep([...new Set([...waiting(), code])]);
  say("waiting", `Pas de réseau. Le code ${code} est gardé.`);
}

async function sendKept() {
  for (const code of waiting()) {
    try {
      if (!(await send(code))) return;
    } catch {
      return;
    }
    keep(waiting().filter((one) => one !== code));
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const code = field.value.trim().toUpperCase();
  if (code) tell(code);
  field.value = "";
  field.focus();
});

async function look(detector, last) {
  const found = camera.readyState >= 2 ? await detector.detect(camera).catch(() => []) : [];
  const code = found.length ? found[0].rawValue.trim() : "";
  const now = Date.now();
  if (code && (code !== last.code || now - last.at > AGAIN)) {
    last.code = code;
    last.at = now;
    await tell(code);
  }
  if (!camera.hidden) setTimeout(look, EVERY, detector, last);
}

async function start() {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  try {
    camera.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    say("lost", "La caméra ne s'ouvre pas. Écrivez le code.");
    return;
  }
  camera.hidden = false;
  scan.hidden = true;
  await camera.play();
  look(detector, { code: "", at: 0 });
}

if ("BarcodeDetector" in window && navigator.mediaDevices) {
  scan.hidden = false;
  scan.addEventListener("click", start);
}
window.addEventListener("online", sendKept);
setInterval(sendKept, 10000);
keep(waiting());
