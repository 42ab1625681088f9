// Saves a reader's private note without leaving the lesson. Without this script the form posts as any other.

for (const form of document.querySelectorAll("form[data-reflection]")) {
  const status = form.querySelector("[role=status]");
  const note = form.elements.text;
  let kept = note.value;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const sent = note.value;
    status.textContent = form.dataset.saving;
    status.className = "status";
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
      });
      const reply = await response.json();
      if (reply.saved) kept = sent;
      status.textContent = reply.message;
      status.className = reply.saved ? "status good-text" : "status bad-text";
    } catch {
      // No connection, or the login has ended and the reply is a page.
      status.textContent = form.dataset.failed;
      status.className = "status bad-text";
    }
  });
  addEventListener("beforeunload", (event) => {
    if (note.value !== kept) event.preventDefault();
  });
}
