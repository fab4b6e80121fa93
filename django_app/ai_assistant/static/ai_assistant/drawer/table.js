// A table of an answer: sticky header, sorting of the rows on the page, links to records, Show more.

import { announce, uniqueId } from "./a11y.js";
import { append, h, ownLink, replace } from "./dom.js";
import { fill, formatNumber, gettext, ngettext } from "./i18n.js";
import { icon } from "./icons.js";
import { exportButtons } from "./export.js";
import { failureNote } from "./failure.js";
import { cellText, isNumeric, rawValue } from "./values.js";

/**
 * `loadRows(offset)` answers a PAGE's result, `exportRows(format)` a Blob. `onRows(rows, result)` hears what is shown now.
 * Rows of an earlier answer are not stored: with `rows: null` they are fetched, at once when `eager`.
 */
export function tableView(result, { loadRows, exportRows, changeUrl, zone, eager, onRows }) {
  const columns = result.columns;
  let rows = result.rows;
  let next = result.next_offset;
  let truncated = result.truncated;
  let sort = null;

  const body = h("tbody");
  const headers = columns.map((column, index) => headerCell(column, () => sortBy(index)));
  const captionId = uniqueId("caption");
  const scroller = h(
    "div",
    { class: "ai-table-scroll", role: "region", tabindex: "0", "aria-labelledby": captionId },
    h(
      "table",
      { class: "ai-table" },
      h("caption", { class: "ai-sr", id: captionId }, gettext("Rows of the answer")),
      h("thead", {}, h("tr", {}, headers)),
      body,
    ),
  );
  const footer = h("div", { class: "ai-table-foot" });
  const root = h("div", { class: "ai-table-box" });

  function sortBy(index) {
    const direction = sort?.index === index && sort.direction === 1 ? -1 : 1;
    sort = { index, direction };
    headers.forEach((header, position) => {
      header.setAttribute("aria-sort", position === index ? (direction === 1 ? "ascending" : "descending") : "none");
    });
    drawRows();
    announce(
      fill(direction === 1 ? gettext("Sorted by %(column)s, ascending") : gettext("Sorted by %(column)s, descending"), {
        column: columns[index].label,
      }),
    );
  }

  function drawRows() {
    const shown = sort ? sorted(rows, columns[sort.index], sort) : rows;
    replace(
      body,
      shown.map((row) => h("tr", {}, row.map((cell, index) => bodyCell(cell, columns[index], { changeUrl, zone })))),
    );
  }

  function drawFooter() {
    const count = formatNumber(rows.length);
    const words = truncated
      ? fill(gettext("First %(count)s rows; there are more"), { count })
      : fill(ngettext("%(count)s row", "%(count)s rows", rows.length), { count });
    replace(footer, h("span", {}, words));
    if (truncated && next !== null) append(footer, [moreButton(gettext("Show more"))]);
    append(footer, [exportButtons(exportRows)]);
  }

  function moreButton(label) {
    const button = h("button", { type: "button", class: "ai-button ai-small", onclick: () => more(button) }, label);
    return button;
  }

  async function more(button) {
    button.disabled = true;
    button.replaceChildren(document.createTextNode(gettext("Loading…")));
    try {
      const page = await loadRows(next ?? 0);
      const added = page.rows ?? [];
      rows = [...(rows ?? []), ...added];
      next = page.next_offset;
      truncated = page.truncated;
      draw();
      announce(fill(ngettext("%(count)s row added", "%(count)s rows added", added.length), { count: added.length }));
      (footer.querySelector("button") ?? scroller).focus({ preventScroll: true });
    } catch (problem) {
      const again = moreButton(gettext("Try again"));
      replace(footer, failureNote(problem), again);
      if (!footer.isConnected) replace(root, footer);
      again.focus({ preventScroll: true });
    }
  }

  function draw() {
    if (rows === null) {
      const button = moreButton(gettext("Show the rows"));
      replace(root, h("p", { class: "ai-quiet" }, gettext("Rows of an earlier answer are looked up again.")), button);
      if (eager) firstRows();
      return;
    }
    if (rows.length === 0) {
      replace(root, h("p", { class: "ai-none" }, gettext("No rows match.")));
    } else {
      drawRows();
      drawFooter();
      replace(root, scroller, footer);
    }
    onRows(rows);
  }

  async function firstRows() {
    replace(root, h("div", { class: "ai-skeleton" }, h("span"), h("span"), h("span")));
    try {
      const page = await loadRows(0);
      rows = page.rows ?? [];
      next = page.next_offset;
      truncated = page.truncated;
      draw();
    } catch (problem) {
      replace(root, footer);
      replace(footer, failureNote(problem), moreButton(gettext("Try again")));
    }
  }

  draw();
  return root;
}

function headerCell(column, onclick) {
  return h(
    "th",
    { scope: "col", class: isNumeric(column) && "ai-number-cell", "aria-sort": "none" },
    h(
      "button",
      { type: "button", onclick, title: gettext("Sort the rows shown") },
      column.masked && icon("lock"),
      h("span", {}, column.label || column.name),
      h("span", { class: "ai-sort-mark", "aria-hidden": "true" }),
    ),
  );
}

function bodyCell(cell, column, { changeUrl, zone }) {
  const text = cellText(cell, column, zone);
  if (text === null) {
    return h("td", { class: isNumeric(column) && "ai-number-cell" }, h("span", { class: "ai-null", title: gettext("No value") }, "–"));
  }
  const raw = rawValue(cell, column);
  const path = column.link ? changeUrl(column.link, raw) : null;
  const classes = [isNumeric(column) && "ai-number-cell", ["json", "uuid", "bytes"].includes(column.type) && "ai-code-cell"];
  const title = column.choices && String(raw) !== text ? String(raw) : column.type === "datetime" ? raw : null;
  return h(
    "td",
    { class: classes.filter(Boolean).join(" ") || null, title },
    path ? ownLink(path, {}, text) : text,
  );
}

/** Sorted copy; empty cells last in either direction. */
function sorted(rows, column, { index, direction }) {
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const numeric = isNumeric(column);
  return [...rows].sort((left, right) => {
    const a = left[index];
    const b = right[index];
    if (a === null || b === null) return (a === null) - (b === null);
    if (numeric) return direction * (Number(a) - Number(b));
    const text = (cell) => (column.choices ? cell.label : typeof cell === "object" ? JSON.stringify(cell) : String(cell));
    return direction * collator.compare(text(a), text(b));
  });
}
