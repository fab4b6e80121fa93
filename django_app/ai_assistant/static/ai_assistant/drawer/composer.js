// Where the question is written: Enter sends, Shift+Enter breaks the line, the draft is kept.

import { uniqueId } from "./a11y.js";
import { h, replace } from "./dom.js";
import { fill, gettext } from "./i18n.js";
import { icon } from "./icons.js";
import { looksLikeCode } from "./snippet.js";

// Bytes of UTF-8, as the server counts them.
const LONGEST = 4000;
const LONGEST_SNIPPET = 20_000;
const WARN_BELOW = 400;

/** `onSend(text, isSnippet)`, `onStop()`, `onDraft(text)`. */
export function createComposer({ onSend, onStop, onDraft }) {
  const hintId = uniqueId("hint");
  const input = h("textarea", {
    class: "ai-input",
    rows: "1",
    placeholder: gettext("Ask about your data"),
    "aria-label": gettext("Your question"),
    "aria-describedby": hintId,
    dir: "auto",
    oninput: changed,
    onkeydown,
  });
  const hint = h("p", { class: "ai-composer-hint", id: hintId });
  const action = h("button", { type: "submit", class: "ai-send" });
  const element = h("form", { class: "ai-composer", onsubmit }, h("div", { class: "ai-composer-box" }, input, action), hint);
  let busy = false;

  function text() {
    return input.value.trim();
  }

  /** How many bytes there are too many; negative: how many are left. */
  function excess() {
    const limit = looksLikeCode(input.value) ? LONGEST_SNIPPET : LONGEST;
    return new TextEncoder().encode(text()).length - limit;
  }

  function onsubmit(event) {
    event.preventDefault();
    if (busy) {
      onStop();
    } else if (text() && excess() <= 0) {
      const sent = text();
      setText("");
      onSend(sent, looksLikeCode(sent));
    }
    input.focus();
  }

  function onkeydown(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!busy) element.requestSubmit();
  }

  function changed() {
    onDraft(input.value);
    draw();
  }

  function setText(value) {
    input.value = value;
    changed();
  }

  function draw() {
    const code = looksLikeCode(input.value);
    input.classList.toggle("ai-input-code", code);
    // Grows with its text where the browser does not do it by itself (field-sizing).
    input.style.setProperty("height", "auto");
    input.style.setProperty("height", `${input.scrollHeight + 2}px`);
    const over = excess();
    replace(hint, hintText(code, over));
    hint.classList.toggle("ai-over", over > 0);
    replace(action, icon(busy ? "stop" : "send"));
    const label = busy ? gettext("Stop") : gettext("Send");
    action.setAttribute("aria-label", label);
    action.setAttribute("title", label);
    action.classList.toggle("ai-stop", busy);
    action.setAttribute("aria-disabled", String(!busy && (!text() || over > 0)));
  }

  function hintText(code, over) {
    if (over > 0) return fill(gettext("Too long by %(count)s bytes"), { count: over });
    if (over > -WARN_BELOW) return fill(gettext("%(count)s bytes left"), { count: -over });
    if (code) return gettext("An ORM snippet: compiled and run as it is, without a model");
    return gettext("Enter sends, Shift+Enter starts a new line");
  }

  draw();
  return {
    element,
    setText,
    focus() {
      input.focus();
      input.setSelectionRange(input.value.length, input.value.length);
    },
    setBusy(flag) {
      busy = flag;
      draw();
    },
    redraw: draw,
  };
}
