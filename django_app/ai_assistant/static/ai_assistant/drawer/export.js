// The whole table as a file: the server runs the stored program again and writes every row.

import { announce } from "./a11y.js";
import { failureNote } from "./failure.js";
import { h } from "./dom.js";
import { fill, gettext } from "./i18n.js";
import { icon } from "./icons.js";

const FORMATS = { csv: "CSV", json: "JSON" };

/** One button a format; `exportRows(format)` answers a Blob. What fails is said beside them. */
export function exportButtons(exportRows) {
  const note = h("div", { class: "ai-export-note" });
  const buttons = Object.entries(FORMATS).map(([format, name]) =>
    h(
      "button",
      {
        type: "button",
        class: "ai-button ai-small",
        title: fill(gettext("Export all rows as %(format)s"), { format: name }),
        "aria-label": fill(gettext("Export all rows as %(format)s"), { format: name }),
        onclick: (event) => run(event.currentTarget, format),
      },
      icon("download"),
      name,
    ),
  );

  async function run(button, format) {
    button.disabled = true;
    note.replaceChildren();
    announce(gettext("Exporting…"));
    try {
      save(await exportRows(format), `answer.${format}`);
      announce(gettext("Exported"));
    } catch (problem) {
      note.replaceChildren(failureNote(problem));
    } finally {
      button.disabled = false;
      button.focus({ preventScroll: true });
    }
  }

  return h("div", { class: "ai-export" }, buttons, note);
}

function save(blob, name) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  // Not at once: the browser begins to read it after the click.
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
