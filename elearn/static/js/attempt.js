// Saves each answer of a quiz as it is given. Without this script the page is one form with a button per question.
//
// One sending at a time per question. A sending that got no reply is repeated with the same client key until it gets
// one, and only then is a newer answer sent: the server must never see a newer answer based on a number it has passed.

const form = document.querySelector("form[data-attempt]");
const words = form.dataset;
const token = form.elements.csrfmiddlewaretoken.value;
const questions = [...form.querySelectorAll("[data-question]")].map(question);
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;

function question(box) {
  const key = box.dataset.question;
  return {
    box,
    key,
    url: box.dataset.url,
    inputs: [...box.querySelectorAll(`[name="answer-${key}"]`)],
    clientKey: box.querySelector(`[name="key-${key}"]`),
    based: box.querySelector(`[name="based-${key}"]`),
    status: box.querySelector("[data-status]"),
    notice: box.querySelector("[data-notice]"),
    changed: false,
    busy: false,
    hurry: null,
  };
}

const chosen = (q) => q.inputs.filter((input) => input.checked).map((input) => input.value);
const unsaved = () => questions.filter((q) => q.changed || q.busy);

function say(q, text, tone = "") {
  q.status.textContent = text;
  q.status.className = tone;
}

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

async function post(q, body) {
  const response = await fetch(q.url, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": token, Accept: "application/json" },
  });
  if (response.status >= 500 || response.status === 429) throw new Error(response.status);
  // A page instead of data is the login, or a refusal in front of the application.
  const isData = (response.headers.get("Content-Type") || "").startsWith("application/json");
  return isData ? response.json() : { saved: false, message: words.refused };
}

function pause(q, wait) {
  return new Promise((resume) => {
    q.hurry = resume;
    setTimeout(resume, wait);
  });
}

async function postUntilAnswered(q, body) {
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    try {
      return await post(q, body);
    } catch {
      say(q, words.retrying, "bad-text");
      await pause(q, wait);
    }
  }
}

async function save(q) {
  q.changed = true;
  if (q.busy) return;
  q.busy = true;
  while (q.changed) {
    q.changed = false;
    const body = new URLSearchParams({ [`key-${q.key}`]: q.clientKey.value, [`based-${q.key}`]: q.based.value });
    for (const id of chosen(q)) body.append(`answer-${q.key}`, id);
    say(q, words.saving);
    take(q, await postUntilAnswered(q, body));
  }
  q.busy = false;
  count();
  if (!unsaved().length) goOn();
}

function take(q, reply) {
  q.notice.hidden = !reply.message;
  q.notice.textContent = reply.message || "";
  if (!reply.saved) {
    say(q, words.refused, "bad-text");
    q.clientKey.value = newKey();
    return;
  }
  q.based.value = reply.sequence;
  q.clientKey.value = reply.client_key || newKey();
  if (!reply.stands) {
    // A newer answer from another tab or device stands. What was clicked here meanwhile was based on the older one too.
    for (const input of q.inputs) input.checked = reply.option_ids.includes(input.value);
    q.changed = false;
  }
  say(q, words.saved, "good-text");
}

function count() {
  document.querySelector("[data-answered]").textContent = questions.filter((q) => chosen(q).length).length;
}

for (const q of questions) {
  q.box.querySelector("[data-plain]").hidden = true;
  for (const input of q.inputs) input.addEventListener("change", () => save(q));
}

const hurry = () => questions.forEach((q) => q.hurry && q.hurry());
addEventListener("online", hurry);

const waiting = form.querySelector("[data-unsaved-notice]");
let leaving = false;
let pressed = null;

form.addEventListener("submit", (event) => {
  // The first press waits for what is on its way. The form itself carries every answer, so a second press goes ahead.
  if (unsaved().length && waiting.hidden) {
    event.preventDefault();
    pressed = event.submitter;
    waiting.textContent = words.unsaved;
    waiting.hidden = false;
    hurry();
    return;
  }
  leaving = true;
});

function goOn() {
  waiting.hidden = true;
  if (pressed && form.requestSubmit) form.requestSubmit(pressed);
  pressed = null;
}

addEventListener("beforeunload", (event) => {
  if (!leaving && unsaved().length) event.preventDefault();
});
// A page taken back from the browser's memory shows old numbers; ask the server for the standing answers.
addEventListener("pageshow", (event) => event.persisted && location.reload());
