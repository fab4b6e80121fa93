// What assistive technology hears, and where the focus goes.

import { h } from "./dom.js";

const region = h("div", { class: "ai-sr", role: "status", "aria-live": "polite" });

export function liveRegion() {
  return region;
}

/** Says one short thing, politely. The same words twice in a row are said twice. */
export function announce(text) {
  region.replaceChildren();
  window.requestAnimationFrame(() => region.replaceChildren(document.createTextNode(text)));
}

/** A button whose name is read out where only its icon is seen. */
export function iconButton(iconElement, label, onclick, properties = {}) {
  return h(
    "button",
    { type: "button", class: "ai-icon-button", "aria-label": label, title: label, onclick, ...properties },
    iconElement,
  );
}

let counter = 0;

export function uniqueId(prefix) {
  counter += 1;
  return `ai-${prefix}-${counter}`;
}

/** Keeps the focus in view of a keyboard user after the element that held it has gone. */
export function focusFirst(...candidates) {
  for (const element of candidates) {
    if (element && element.isConnected && !element.disabled) {
      element.focus();
      return;
    }
  }
}
