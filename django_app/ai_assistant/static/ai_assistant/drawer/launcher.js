// The button that opens the drawer: in the admin's header, beside the user's links.

import { h } from "./dom.js";
import { gettext } from "./i18n.js";
import { icon } from "./icons.js";

export function createLauncher({ mount, controls, onclick }) {
  const button = h(
    "button",
    { type: "button", class: "ai-launcher", "aria-expanded": "false", "aria-controls": controls, onclick },
    icon("spark"),
    h("span", {}, gettext("AI")),
    h("span", { class: "ai-sr" }, gettext("assistant")),
  );
  const tools = document.getElementById("user-tools");
  const placeholder = document.querySelector("[data-ai-assistant-button]");
  if (placeholder) {
    placeholder.append(button);
  } else if (tools) {
    tools.append(button);
  } else {
    // A theme without Django's header and without our template tag.
    button.classList.add("ai-launcher-floating");
    mount.append(button);
  }
  return button;
}
