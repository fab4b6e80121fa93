// The answer's value: a number, a word, a dict or list, or a table.

import { h } from "./dom.js";
import { fill, formatNumber, gettext, ngettext } from "./i18n.js";
import { tableView } from "./table.js";
import { scalarText } from "./values.js";

const TILES_AT_MOST = 6;
const DEPTH_AT_MOST = 6;

export function resultView(result, options) {
  switch (result.kind) {
    case "table":
      return tableView(result, options);
    case "number":
      return figure(scalarText(result.value, "number"), options.unit);
    case "text":
      return h("p", { class: "ai-text-answer" }, result.value);
    case "none":
      return h("p", { class: "ai-none" }, gettext("Nothing matches: there is no value."));
    case "list":
    case "dict":
      return nested(result.value, options.zone, 0);
    default:
      return figure(scalarText(result.value, result.kind, options.zone));
  }
}

function figure(text, unit) {
  return h(
    "p",
    { class: text.length > 14 ? "ai-figure ai-figure-long" : "ai-figure" },
    h("span", { class: "ai-figure-value" }, text),
    unit ? [" ", h("span", { class: "ai-figure-unit" }, unit)] : null,
  );
}

function nested(value, zone, depth) {
  if (value === null || typeof value !== "object") return scalar(value, zone);
  if (depth >= DEPTH_AT_MOST) return h("code", {}, JSON.stringify(value));
  if (Array.isArray(value)) return list(value, zone, depth);
  const entries = Object.entries(value);
  if (entries.length === 0) return h("p", { class: "ai-none" }, gettext("Empty."));
  const scalars = entries.filter(([, item]) => item === null || typeof item !== "object");
  const rest = entries.filter(([, item]) => item !== null && typeof item === "object");
  const few = depth === 0 && scalars.length <= TILES_AT_MOST;
  return [
    scalars.length > 0 &&
      h("dl", { class: few ? "ai-tiles" : "ai-pairs" }, scalars.map(([key, item]) => pair(words(key), share(key, item) ?? scalar(item, zone)))),
    rest.length > 0 &&
      h("dl", { class: "ai-pairs ai-pairs-nested" }, rest.map(([key, item]) => pair(countedName(key, item), nested(item, zone, depth + 1)))),
  ];
}

function pair(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

function scalar(value, zone) {
  return value === null ? h("span", { class: "ai-null", title: gettext("No value") }, "–") : scalarText(value, "", zone);
}

const SHARE = /(^|_)(percent|percentage|pct)$/;

/** A number under a key that calls itself a percentage. */
function share(key, item) {
  if (!SHARE.test(key) || item === null || !/^-?[\d.]+$/.test(String(item))) return null;
  return fill(gettext("%(number)s %"), { number: formatNumber(item) });
}

function list(items, zone, depth) {
  if (items.length === 0) return h("p", { class: "ai-none" }, gettext("None."));
  const flat = items.every((item) => item === null || typeof item !== "object");
  if (!flat) return h("ol", { class: "ai-items" }, items.map((item) => h("li", {}, nested(item, zone, depth + 1))));
  const numbers = items.every((item) => typeof item === "number");
  return h(
    "ul",
    { class: "ai-chips", tabindex: items.length > 40 ? "0" : null, "aria-label": gettext("Values") },
    items.map((item) => h("li", {}, numbers ? formatNumber(item, { grouping: false }) : scalar(item, zone))),
  );
}

function countedName(key, item) {
  if (!Array.isArray(item)) return words(key);
  const count = fill(ngettext("%(count)s value", "%(count)s values", item.length), { count: formatNumber(item.length) });
  return [words(key), " ", h("span", { class: "ai-quiet" }, `(${count})`)];
}

/** with_avatar as "with avatar"; a key that is data stays as it is. */
function words(key) {
  return /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(key) ? key.replaceAll("_", " ") : key;
}
