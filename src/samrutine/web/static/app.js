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
