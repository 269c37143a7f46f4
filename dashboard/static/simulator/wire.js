// The page's two lines to the server: posts out, one stream of events in.

export const setup = JSON.parse(document.getElementById("setup").textContent);
export const texts = setup.texts;

async function post(path, body, type = "application/json") {
  const answer = await fetch(`/simulator/${path}`, {
    method: "POST", body, headers: { "Content-Type": type, "X-Simulator-Token": setup.token },
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

export const send = (message) => post("send", JSON.stringify(message));
export const tellSeen = (phone, ids) => post("seen", JSON.stringify({ phone, ids }));
export const keepFile = async (blob) => (await post("photos", blob, blob.type || "application/octet-stream")).photo;

export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// EventSource comes back by itself after a cut, but not after a refusal: then it is made anew from the last cursor.
export function listen(phones, { onEvent, onState }) {
  let source, cursor = "", timer, isOver = false;
  const open = () => {
    source = new EventSource(`/simulator/stream?phones=${encodeURIComponent(phones.join(","))}&after=${cursor}`);
    for (const name of ["past", "ready", "now"]) {
      source.addEventListener(name, (event) => {
        cursor = event.lastEventId;
        onEvent(name, JSON.parse(event.data));
      });
    }
    source.onopen = () => onState("online");
    source.onerror = () => {
      onState("offline");
      if (source.readyState === EventSource.CLOSED && !isOver) timer = setTimeout(open, 3000);
    };
  };
  open();
  return () => { isOver = true; clearTimeout(timer); source.close(); };
}
