// Saves each answer of a quiz as it is given. Without this script the page is one form with a button per question.
//
// What is not saved yet is kept on the device (localStorage) until the server has it: a reload, a crash, a lost line or
// a login that ran out loses nothing. One sending at a time per question. A sending that got no reply is repeated with
// the same client key until it gets one, and only then is a newer answer sent: so each is taken once, and the server
// never sees a newer answer based on a number it has passed.

const form = document.querySelector("form[data-attempt]");
const words = form.dataset;
let token = form.elements.csrfmiddlewaretoken.value;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const TYPING_PAUSE = 900;

// --- What waits, on the device ---------------------------------------------------------------------------------------

const SHELF = "attempt:";
const SHELF_DAYS = 30;
const shelf = SHELF + words.attempt;

function read() {
  try {
    return JSON.parse(localStorage.getItem(shelf)) || {};
  } catch {
    return {};
  }
}

function keep(key, entry) {
  const kept = read();
  if (entry) kept[key] = entry;
  else delete kept[key];
  try {
    if (Object.keys(kept).length) localStorage.setItem(shelf, JSON.stringify(kept));
    else localStorage.removeItem(shelf);
  } catch {
    // No room, or no storage in this window: the answers are still on the page, and in the form.
  }
}

// Of attempts that nobody came back to: a shared computer should not hold answers for ever.
function tidy() {
  const old = Date.now() - SHELF_DAYS * 86400000;
  for (const name of Object.keys(localStorage).filter((name) => name.startsWith(SHELF))) {
    try {
      const entries = Object.values(JSON.parse(localStorage.getItem(name)));
      if (entries.every((entry) => entry.at < old)) localStorage.removeItem(name);
    } catch {
      localStorage.removeItem(name);
    }
  }
}

// What was saved a moment before this page was asked for may be missing from it: this tab remembers it.
function savedLately(change) {
  try {
    const saved = JSON.parse(sessionStorage.getItem(shelf)) || {};
    change(saved);
    sessionStorage.setItem(shelf, JSON.stringify(saved));
  } catch {
    // No storage in this window.
  }
}

// --- The questions ---------------------------------------------------------------------------------------------------

function question(box) {
  const key = box.dataset.question;
  const q = {
    box,
    key,
    url: box.dataset.url,
    unfolds: "unfolds" in box.dataset,
    inputs: [...box.querySelectorAll("input, select, textarea")].filter(
      (input) => input.name === `answer-${key}` || input.name.startsWith(`answer-${key}.`)
    ),
    clientKey: box.querySelector(`[name="key-${key}"]`),
    based: box.querySelector(`[name="based-${key}"]`),
    status: box.querySelector("[data-status]"),
    notice: box.querySelector("[data-notice]"),
    conflict: box.querySelector("[data-conflict]"),
    changed: false,
    check: false,
    busy: false,
    typing: null,
    hurry: null,
  };
  box.querySelector("[data-plain-conflict]").hidden = true;
  const button = box.querySelector("[data-plain]");
  button.hidden = !q.unfolds;
  if (q.unfolds) {
    // A choice stands once it is saved, so a slip of the finger must not save it.
    button.addEventListener("click", (event) => {
      event.preventDefault();
      if (q.inputs.some((input) => input.checked)) save(q);
    });
    return q;
  }
  for (const input of q.inputs) {
    input.addEventListener("change", () => save(q));
    if (input.matches("textarea, input:not([type])")) input.addEventListener("input", () => saveSoon(q));
  }
  const check = box.querySelector("[data-check]");
  if (check)
    check.addEventListener("click", (event) => {
      event.preventDefault();
      q.check = true;
      save(q);
    });
  return q;
}

const isSwitch = (input) => input.type === "radio" || input.type === "checkbox";

// What the form would send, field by field.
function given(q) {
  const fields = {};
  for (const input of q.inputs) {
    fields[input.name] = fields[input.name] || [];
    if (isSwitch(input) ? input.checked : input.value !== "") fields[input.name].push(input.value);
  }
  return fields;
}

function put(q, fields) {
  for (const input of q.inputs) {
    const values = fields[input.name] || [];
    if (isSwitch(input)) input.checked = values.includes(input.value);
    else input.value = values[0] || "";
  }
  tell(q);
}

const isAnswered = (q) => Object.values(given(q)).some((values) => values.length);
const questions = [...form.querySelectorAll("[data-question]")].map(question);
const unsaved = () => questions.filter((q) => q.changed || q.busy);

function say(q, text, tone = "") {
  q.status.textContent = text;
  q.status.className = tone;
}

// Words counted, and two items in one place: what the server would say of it, at once.
function tell(q) {
  for (const area of q.box.querySelectorAll("[data-words]"))
    document.getElementById(area.dataset.words).textContent = area.value.split(/\s+/).filter(Boolean).length;
  const doubled = q.box.querySelector("[data-doubled]");
  if (doubled) {
    const places = q.inputs.map((input) => input.value).filter(Boolean);
    doubled.hidden = new Set(places).size === places.length;
  }
}

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// --- Sending ---------------------------------------------------------------------------------------------------------

class LoggedOut extends Error {}

async function post(q, body, renewed = false) {
  const response = await fetch(q.url, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": token, Accept: "application/json" },
  });
  if (response.status >= 500 || response.status === 429) throw new Error(response.status);
  // A page instead of data is the login, or a refusal in front of the application.
  const isData = (response.headers.get("Content-Type") || "").startsWith("application/json");
  if (response.status === 401 || (!isData && response.redirected)) throw new LoggedOut();
  if (response.status === 403 && !isData && !renewed) {
    await renewToken();
    return post(q, body, true);
  }
  return isData ? response.json() : { saved: false, message: words.refused };
}

// Whoever logs in again, in another tab, makes the token of this page worthless.
async function renewToken() {
  const response = await fetch(form.action);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  // Of whichever page that leads to: the login and the result of an attempt that is over have one, too.
  const field = page.querySelector("[name=csrfmiddlewaretoken]");
  if (!field) throw new LoggedOut();
  token = form.elements.csrfmiddlewaretoken.value = field.value;
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
      const reply = await post(q, body);
      showLine(true);
      return reply;
    } catch (error) {
      say(q, words.retrying, "bad-text");
      if (error instanceof LoggedOut) askToLogIn(q);
      else showLine(false);
      await pause(q, wait);
    }
  }
}

function saveSoon(q) {
  remember(q);
  clearTimeout(q.typing);
  q.typing = setTimeout(() => save(q), TYPING_PAUSE);
}

function remember(q) {
  q.changed = true;
  keep(q.key, { fields: given(q), clientKey: q.clientKey.value, based: q.based.value, check: q.check, at: Date.now() });
  tell(q);
}

async function save(q) {
  clearTimeout(q.typing);
  remember(q);
  if (q.busy) return;
  q.busy = true;
  while (q.changed) {
    q.changed = false;
    const fields = given(q);
    const body = new URLSearchParams({ [`key-${q.key}`]: q.clientKey.value, [`based-${q.key}`]: q.based.value });
    for (const [name, values] of Object.entries(fields)) for (const value of values) body.append(name, value);
    if (q.check) body.append("check", "1");
    say(q, words.saving);
    take(q, await postUntilAnswered(q, body), fields);
  }
  q.busy = false;
  count();
  if (!unsaved().length) goOn();
}

function take(q, reply, sent) {
  q.notice.hidden = !reply.message;
  q.notice.querySelector("[data-notice-text]").textContent = reply.message || "";
  q.conflict.hidden = true;
  q.check = false;
  if (!reply.saved) {
    say(q, words.refused, "bad-text");
    q.clientKey.value = newKey();
    if (!q.changed) keep(q.key, null);
    return;
  }
  q.based.value = reply.sequence;
  q.clientKey.value = reply.client_key || newKey();
  if (q.changed) remember(q);
  else keep(q.key, null);
  if (reply.stands && !q.unfolds) savedLately((saved) => (saved[q.key] = { fields: sent, sequence: reply.sequence }));
  if (reply.html) {
    replace(q, reply.html);
    return;
  }
  if (!reply.stands && !reply.late) askWhich(q, reply, sent);
  say(q, words.saved, reply.late ? "bad-text" : "good-text");
}

function replace(q, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const box = holder.content.firstElementChild;
  q.box.replaceWith(box);
  const place = questions.indexOf(q);
  if ("question" in box.dataset) {
    questions[place] = question(box);
    say(questions[place], words.saved, "good-text");
  } else {
    // Checked: it stands, and nothing of it is sent any more. It still counts as answered.
    Object.assign(q, { inputs: [], changed: false, done: true });
  }
  box.tabIndex = -1;
  box.focus({ preventScroll: true });
}

// Two devices, two answers: the saved one stands until the learner says otherwise.
function askWhich(q, reply, sent) {
  const fields = {};
  for (const [part, values] of Object.entries(reply.fields)) fields[`answer-${q.key}${part && "." + part}`] = values;
  q.box.querySelector("[data-standing-words]").textContent = reply.standing_words.join("; ");
  q.box.querySelector("[data-other-words]").textContent = reply.words.join("; ");
  q.conflict.hidden = false;
  q.changed = false;
  keep(q.key, null);
  put(q, fields);
  const settle = (chosen) => {
    q.notice.hidden = true;
    if (!chosen) return;
    put(q, chosen);
    save(q);
  };
  for (const [name, chosen] of [["[data-keep-standing]", null], ["[data-take-other]", sent]]) {
    const button = q.box.querySelector(name);
    button.hidden = false;
    button.onclick = () => settle(chosen);
  }
}

function count() {
  const answered = questions.filter((q) => q.done || isAnswered(q) || (q.unfolds && Number(q.based.value))).length;
  const checked = form.querySelectorAll(".question:not([data-question]) [id^=result-]").length;
  const gone = questions.filter((q) => q.done).length;
  document.querySelector("[data-answered]").textContent = answered + checked - gone;
}

// --- The line, the login, the clock ----------------------------------------------------------------------------------

const line = document.querySelector("[data-line]");

function showLine(isUp) {
  const waiting = unsaved().length;
  line.hidden = isUp;
  line.querySelector("[data-waiting]").textContent = waiting ? `${words.waiting} ${waiting}` : "";
}

function askToLogIn(q) {
  q.notice.hidden = false;
  const text = q.notice.querySelector("[data-notice-text]");
  const link = document.createElement("a");
  link.href = `${words.loginUrl}?next=${encodeURIComponent(location.pathname)}`;
  link.textContent = words.loginLink;
  // What is kept on the device is not lost by leaving; the browser need not ask.
  link.addEventListener("click", () => (leaving = unsaved().every((other) => other.key in read())));
  text.replaceChildren(`${words.login} `, link);
}

const hurry = () => questions.forEach((q) => q.hurry && q.hurry());
addEventListener("online", () => {
  showLine(true);
  hurry();
});
addEventListener("offline", () => showLine(false));
document.addEventListener("time-is-up", () => {
  questions.filter((q) => q.typing && q.changed).forEach(save);
  hurry();
});

// --- Submitting, and leaving -----------------------------------------------------------------------------------------

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
    questions.filter((q) => q.changed && !q.busy).forEach(save);
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

// --- What an earlier visit could not send ----------------------------------------------------------------------------

try {
  tidy();
} catch {
  // No storage in this window.
}
savedLately((saved) => {
  for (const [key, entry] of Object.entries(saved)) {
    const q = questions.find((other) => other.key === key);
    if (q && Number(q.based.value) < entry.sequence) {
      put(q, entry.fields);
      q.based.value = entry.sequence;
      say(q, words.saved, "good-text");
    }
    delete saved[key];
  }
});
for (const [key, entry] of Object.entries(read())) {
  const q = questions.find((other) => other.key === key);
  if (!q) {
    keep(key, null);
    continue;
  }
  // As it was sent, or would have been: if it did arrive, the server knows it by its key.
  q.clientKey.value = entry.clientKey;
  q.based.value = entry.based;
  q.check = Boolean(entry.check);
  put(q, entry.fields);
  say(q, words.restored);
  save(q);
}
count();
