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
  // A wide table opens where the day of today is: the columns before it are a swipe away.
  document.querySelectorAll("[data-open-at]").forEach(function (region) {
    var now = region.querySelector(".now"), name = region.querySelector("th");
    if (!now || region.scrollWidth <= region.clientWidth) { return; }
    region.scrollLeft = Math.max(0, now.offsetLeft + now.offsetWidth - region.clientWidth, 0);
    if (now.offsetLeft - region.scrollLeft < name.offsetWidth) { region.scrollLeft = now.offsetLeft - name.offsetWidth; }
  });
  // A text for a chat is copied with one button.
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var field = document.getElementById(button.getAttribute("data-copy"));
      field.select();
      if (document.execCommand("copy")) { button.textContent = button.getAttribute("data-copied"); }
    });
  });
  // A desk is worked through by single keys: each stands at the link, button or field that it presses or enters. In a
  // field they are letters.
  var desk = document.querySelector("[data-keys]");
  if (desk) {
    var hint = document.querySelector("[data-keys-hint]"), current = desk.querySelector("[data-current]");
    if (hint) { hint.hidden = false; }
    if (current && current.parentNode.scrollIntoView) {
      var list = current.parentNode.parentNode;
      list.scrollLeft = current.parentNode.offsetLeft - list.offsetLeft;
    }
    document.addEventListener("keydown", function (event) {
      var at = event.target;
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) { return; }
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && at.type !== "radio" && at.type !== "checkbox") { return; }
      var place = desk.querySelector('[data-key="' + event.key.toLowerCase().replace(/[^a-z]/g, "-") + '"]');
      if (!place) { return; }
      event.preventDefault();
      if (place.tagName === "TEXTAREA") { place.focus(); } else { place.click(); }
    });
  }
})();
