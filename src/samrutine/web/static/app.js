// What a page does more when there are scripts. Everything works without.
"use strict";

// A choice that is a form of its own is sent when it is made.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-send-at-once]");
  if (form) form.requestSubmit();
});

// «Skriv ut»: only where there is something that prints.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Buttons that only send what is sent at once anyway are in the way.
for (const button of document.querySelectorAll("form[data-send-at-once] button")) button.hidden = true;

// What lies over the page goes away as one looks elsewhere, and by Escape.
const shut = (kept) => {
  for (const open of document.querySelectorAll("details.more[open]")) if (!open.contains(kept)) open.open = false;
};
document.addEventListener("click", (event) => shut(event.target));
document.addEventListener("focusin", (event) => shut(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.more[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
