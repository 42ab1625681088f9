// On a wide screen the stylesheet opens these by itself where the browser knows ::details-content; this helps the others.
if (!CSS.supports("selector(::details-content)")) {
  for (const details of document.querySelectorAll("details[data-open-when-wide]")) {
    const wide = matchMedia(`(min-width: ${details.dataset.openWhenWide})`);
    const follow = () => { details.open = wide.matches; };
    wide.addEventListener("change", follow);
    follow();
  }
}

const drops = document.querySelectorAll("details.drop");
document.addEventListener("click", (event) => {
  for (const drop of drops) if (!drop.contains(event.target)) drop.open = false;
});
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest("details.drop[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
