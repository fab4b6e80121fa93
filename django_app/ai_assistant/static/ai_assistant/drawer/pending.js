// What is being done until an answer comes: the phases and a timer.

import { announce } from "./a11y.js";
import { h } from "./dom.js";
import { formatSeconds, gettext } from "./i18n.js";

const PHASES = ["thinking", "compiling", "running"];
const NAMES = {
  thinking: () => gettext("Thinking"),
  compiling: () => gettext("Compiling"),
  running: () => gettext("Running"),
  waiting: () => gettext("Waiting for the answer"),
};
const TICK_MS = 100;

/** `started`: when the question was asked, in milliseconds. Stop the timer with `end()`. */
export function pendingView(started = Date.now()) {
  const steps = PHASES.map((phase) => h("li", {}, NAMES[phase]()));
  const list = h("ol", { class: "ai-phases" }, steps);
  const clock = h("span", { class: "ai-clock", "aria-hidden": "true" });
  const words = h("p", { class: "ai-content", hidden: true });
  const element = h(
    "div",
    { class: "ai-answer ai-pending" },
    h("div", { class: "ai-pending-head" }, list, clock),
    words,
    h("div", { class: "ai-skeleton", "aria-hidden": "true" }, h("span"), h("span"), h("span")),
  );
  const tick = () => clock.replaceChildren(document.createTextNode(formatSeconds(Math.max(0, Date.now() - started))));
  const timer = window.setInterval(tick, TICK_MS);
  let said = null;
  tick();

  return {
    element,
    phase(name) {
      const current = PHASES.indexOf(name);
      list.classList.toggle("ai-phases-unknown", current < 0);
      steps.forEach((step, index) => {
        step.classList.toggle("ai-done", index < current);
        if (index === current) step.setAttribute("aria-current", "step");
        else step.removeAttribute("aria-current");
      });
      if (name !== said) announce(NAMES[name]?.() ?? "");
      said = name;
    },
    text(more) {
      words.hidden = false;
      words.append(document.createTextNode(more));
    },
    end() {
      window.clearInterval(timer);
      element.remove();
    },
  };
}
