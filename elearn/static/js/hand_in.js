// Saves the text of a hand-in as it is typed, and keeps in this browser what could not be sent yet. Without this
// script the page is a form with a button.
//
// One sending at a time. Each names the version it began from, so a text from another tab or device is never displaced
// unseen: the server answers with it, both are shown, and nothing is sent until the person has chosen.

const form = document.querySelector("form[data-hand-in]");
if (form) start();

function start() {
  const words = form.dataset;
  const text = form.elements.text;
  const version = form.elements.version;
  const status = form.querySelector("[data-status]");
  const conflict = form.querySelector("[data-conflict]");
  const PLACE = `hand-in:${words.handIn}`;
  const PAUSE = 1500;
  const LONGEST_WAIT = 30000;
  const shownBoth = document.getElementById("other-text") !== null;
  let kept = shownBoth ? null : text.defaultValue;
  let timer = null;
  let busy = false;
  let wait = PAUSE;
  let asking = shownBoth;
  let leaving = false;

  const changed = () => text.value !== kept;

  function say(words, tone = "soft") {
    status.textContent = words;
    status.className = `status ${tone}`;
  }

  // A browser may refuse storage altogether; then the text is in the page alone, as without this script.
  function store() {
    try {
      localStorage.setItem(PLACE, JSON.stringify({ text: text.value, version: version.value }));
    } catch {}
  }

  function forget() {
    try {
      localStorage.removeItem(PLACE);
    } catch {}
  }

  function restore() {
    let held = null;
    try {
      held = JSON.parse(localStorage.getItem(PLACE));
    } catch {}
    if (!held || typeof held.text !== "string") return;
    if (held.text === text.value) return forget();
    // With the version it began from: if another text was saved since, the server says so and both are shown.
    text.value = held.text;
    version.value = held.version;
    say(words.restored, "good-text");
    plan(0);
  }

  function plan(delay) {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  async function save() {
    if (busy || asking || !changed()) return;
    busy = true;
    const sent = text.value;
    const body = new FormData(form);
    say(words.saving);
    try {
      const response = await fetch(words.url, {
        method: "POST",
        body: new URLSearchParams(body),
        headers: { Accept: "application/json" },
      });
      if (response.status >= 500 || response.status === 429) throw new Error(response.status);
      const isData = (response.headers.get("Content-Type") || "").startsWith("application/json");
      const reply = isData ? await response.json() : { saved: false, message: words.refused };
      wait = PAUSE;
      if (reply.saved) saved(sent, reply);
      else if (reply.conflict) ask(reply);
      else say(reply.message || words.refused, "bad-text");
    } catch {
      say(words.offline, "bad-text");
      wait = Math.min(wait * 2, LONGEST_WAIT);
      plan(wait);
    } finally {
      busy = false;
    }
  }

  function saved(sent, reply) {
    kept = sent;
    version.value = reply.version;
    if (changed()) {
      store();
      plan(PAUSE);
      return;
    }
    forget();
    say(words.saved, "good-text");
  }

  function ask(reply) {
    asking = true;
    conflict.querySelector("[data-other-text]").textContent = reply.text;
    conflict.dataset.version = reply.version;
    conflict.hidden = false;
    say(words.other, "bad-text");
    conflict.scrollIntoView({ block: "nearest" });
  }

  function chosen() {
    version.value = conflict.dataset.version;
    conflict.hidden = true;
    asking = false;
  }

  form.querySelector("[data-keep-mine]").addEventListener("click", () => {
    chosen();
    store();
    plan(0);
    text.focus();
  });
  form.querySelector("[data-keep-other]").addEventListener("click", () => {
    text.value = conflict.querySelector("[data-other-text]").textContent;
    kept = text.value;
    chosen();
    forget();
    say(words.saved, "good-text");
    text.focus();
  });
  text.addEventListener("input", () => {
    store();
    if (asking) return;
    say(words.unsaved);
    plan(PAUSE);
  });
  addEventListener("online", () => plan(0));
  form.addEventListener("submit", () => {
    leaving = true;
  });
  for (const other of document.forms) {
    // Adding a file leads back here, and what was not sent stands here again.
    if (other !== form) other.addEventListener("submit", () => {
      store();
      leaving = true;
    });
  }
  addEventListener("pagehide", () => {
    if (changed()) store();
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && changed()) event.preventDefault();
  });
  if (!shownBoth) restore();
}
