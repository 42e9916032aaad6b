// Every page works without this. It only spares a step here and there.
(function () {
  "use strict";
  // A page that was refused begins with what is to be mended.
  var first = document.querySelector("[data-focus]");
  if (first) { first.focus(); }
  // Printing needs a script; without one the browser's own menu does it.
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  // What was typed and not sent is not left by accident; a form is not sent twice by an impatient finger.
  document.querySelectorAll("form[data-typed]").forEach(function (form) {
    var typed = false, sent = false;
    form.addEventListener("input", function () { typed = true; });
    form.addEventListener("submit", function (event) {
      if (sent) { event.preventDefault(); }
      sent = true; typed = false;
    });
    window.addEventListener("pageshow", function () { sent = false; });
    window.addEventListener("beforeunload", function (event) {
      if (typed) { event.preventDefault(); event.returnValue = ""; }
    });
  });
})();
