// The time left of an attempt, calmly: in minutes, by the server's clock. The page works without it.

const box = document.querySelector("[data-clock]");
const words = box.dataset;
const shown = box.querySelector("[data-time]");
const announced = box.querySelector("[data-announce]");
const ASK_AGAIN = 60000;
const TELL_AT = [10, 5, 1]; // minutes
// performance.now() goes on evenly, whatever somebody does to the clock of the device.
let endsAt = performance.now() + Number(words.left) * 1000;
let told = Infinity;

function inWords(minutes) {
  if (minutes < 1) return words.under;
  const hours = Math.floor(minutes / 60);
  const rest = `${minutes % 60} ${words.minutes}`;
  return hours ? `${hours} ${words.hours} ${rest}` : rest;
}

function show() {
  const seconds = (endsAt - performance.now()) / 1000;
  if (seconds <= 0) {
    shown.textContent = "0";
    if (told > 0) announced.textContent = words.over;
    told = 0;
    document.dispatchEvent(new CustomEvent("time-is-up"));
    return;
  }
  const minutes = Math.ceil(seconds / 60);
  shown.textContent = inWords(seconds < 60 ? 0 : minutes);
  const due = TELL_AT.find((at) => minutes <= at && told > at);
  if (due !== undefined) {
    told = minutes;
    announced.textContent = shown.textContent;
  }
  setTimeout(show, Math.min(1000 * (seconds % 60 || 60), 15000) + 50);
}

async function ask() {
  try {
    const reply = await fetch(words.url, { headers: { Accept: "application/json" } });
    const { open, seconds_left: left } = await reply.json();
    if (!open) location.reload();
    if (left !== null) endsAt = performance.now() + left * 1000;
  } catch {
    // The line is down or the login has run out; the page says so by itself.
  }
}

show();
setInterval(ask, ASK_AGAIN);
document.addEventListener("visibilitychange", () => document.hidden || ask());
