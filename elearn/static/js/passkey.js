// Shows what belongs to passkeys where the browser knows them, and says in words when one was not used.
const known = "PublicKeyCredential" in window;
for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = !known;
for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = known;
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const note of document.querySelectorAll("[data-passkey-failed]")) note.hidden = false;
});
