// What a phone can send that is no text: samples made here, and files made small enough to send.

import { element } from "./bubble.js";

const RATE = 8000; // samples a second, as a cheap phone records

// Two syllables of a hum, 1.2 s, as WAV: a voice note without a microphone.
export function voiceSample() {
  const count = Math.round(RATE * 1.2);
  const view = new DataView(new ArrayBuffer(44 + 2 * count));
  const write = (at, text) => [...text].forEach((letter, place) => view.setUint8(at + place, letter.charCodeAt(0)));
  write(0, "RIFF"); view.setUint32(4, 36 + 2 * count, true); write(8, "WAVEfmt ");
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true); view.setUint32(28, 2 * RATE, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
  write(36, "data"); view.setUint32(40, 2 * count, true);
  for (let at = 0; at < count; at += 1) {
    const seconds = at / RATE;
    const loud = Math.abs(Math.sin(Math.PI * seconds / 0.6)) * 9000;
    view.setInt16(44 + 2 * at, loud * Math.sin(2 * Math.PI * (170 + 40 * seconds) * seconds), true);
  }
  return new Blob([view.buffer], { type: "audio/wav" });
}

// One big emoji on nothing.
export function stickerSample(emoji) {
  const canvas = Object.assign(element("canvas"), { width: 256, height: 256 });
  const pen = canvas.getContext("2d");
  Object.assign(pen, { font: "190px sans-serif", textAlign: "center", textBaseline: "middle" });
  pen.fillText(emoji, 128, 140);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

// As a phone does before sending: at most 1280 pixels, JPEG.
export async function smaller(file) {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, 1280 / Math.max(image.width, image.height));
  const canvas = element("canvas");
  Object.assign(canvas, { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
}
