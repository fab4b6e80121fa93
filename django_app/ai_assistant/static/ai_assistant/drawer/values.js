// One value as people read it: the text of a cell, of a scalar answer, of a copied row.

import { formatDateTime, formatNumber, gettext } from "./i18n.js";

const NUMERIC = new Set(["integer", "decimal", "float"]);
const PLAIN_INTEGER = /(^|_)(id|pk|year)$/i;

export function isNumeric(column) {
  return NUMERIC.has(column.type) && !column.choices;
}

/** A cell may be {value, label}: a choice. */
export function rawValue(cell, column) {
  return column?.choices && cell !== null ? cell.value : cell;
}

/** The text of a table's cell; null stays null. */
export function cellText(cell, column, zone) {
  if (cell === null) return null;
  if (column.choices) return cell.label ?? String(cell.value);
  switch (column.type) {
    case "integer":
      return formatNumber(cell, { grouping: !column.link && !PLAIN_INTEGER.test(column.name) });
    case "decimal":
    case "float":
      return formatNumber(cell);
    case "boolean":
      return yesNo(cell);
    case "datetime":
      return formatDateTime(cell, zone);
    case "duration":
      return formatDuration(cell);
    default:
      return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
  }
}

export function yesNo(value) {
  return value ? gettext("Yes") : gettext("No");
}

const DURATION = /^(-?)P(\d+)DT(\d+)H(\d+)M(\d+)(?:\.(\d+))?S$/;

/** P1DT02H03M04S as "1 d 02:03:04". */
export function formatDuration(text) {
  const match = DURATION.exec(text);
  if (!match) return text;
  const [, sign, days, hours, minutes, seconds] = match;
  const clock = [hours, minutes, seconds].map((part) => part.padStart(2, "0")).join(":");
  return sign + (days === "0" ? clock : `${days} ${gettext("d")} ${clock}`);
}

/** The text of a scalar whose type is told by a RESULT's kind, or only by JSON. */
export function scalarText(value, kind, zone) {
  if (value === null) return gettext("None");
  if (kind === "number" || typeof value === "number") return formatNumber(value);
  if (kind === "bool" || typeof value === "boolean") return yesNo(value);
  if (kind === "duration") return formatDuration(value);
  return formatDateTime(String(value), zone);
}

/** What the clipboard gets of a RESULT: a scalar, JSON, or tab-separated rows. */
export function resultAsText(result, rows) {
  if (result.kind !== "table") {
    const { value } = result;
    return value !== null && typeof value === "object" ? JSON.stringify(value, null, 2) : String(value);
  }
  const line = (cells) => cells.map((cell) => String(cell ?? "").replace(/[\t\r\n]+/g, " ")).join("\t");
  const plain = (cell, column) => {
    const raw = column.choices && cell !== null ? (cell.label ?? cell.value) : cell;
    return raw !== null && typeof raw === "object" ? JSON.stringify(raw) : raw;
  };
  return [
    line(result.columns.map((column) => column.label)),
    ...rows.map((row) => line(row.map((cell, index) => plain(cell, result.columns[index])))),
  ].join("\n");
}
