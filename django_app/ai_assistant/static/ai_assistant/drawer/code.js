// Source text, readable: coloured by token, broken before SQL's clauses, copied as it came.

import { iconButton } from "./a11y.js";
import { copyText } from "./clipboard.js";
import { h } from "./dom.js";
import { gettext } from "./i18n.js";
import { icon } from "./icons.js";

const PYTHON = {
  keywords: /^(?:and|or|not|in|is|for|if|elif|else|lambda|True|False|None|import|from)$/,
  comment: "#[^\\n]*",
};
const SQL = {
  keywords:
    /^(?:SELECT|FROM|WHERE|AND|OR|NOT|IN|IS|NULL|AS|ON|INNER|LEFT|OUTER|JOIN|GROUP|ORDER|BY|HAVING|LIMIT|OFFSET|DISTINCT|CASE|WHEN|THEN|ELSE|END|EXISTS|BETWEEN|LIKE|ASC|DESC|NULLS|FIRST|LAST|UNION|ALL|ANY|WITH|FILTER|OVER|PARTITION|COUNT|SUM|AVG|MIN|MAX|TRUE|FALSE|LATERAL|CROSS|INTERSECT|EXCEPT|AT|TIME|ZONE)$/i,
  comment: "--[^\\n]*",
};

/** `language` is "python" or "sql". */
export function codeBlock(text, language, label) {
  const shown = language === "sql" ? breakClauses(text) : text;
  return h(
    "div",
    { class: "ai-code" },
    h("pre", { tabindex: "0", role: "region", "aria-label": label }, h("code", {}, highlight(shown, language))),
    iconButton(icon("copy"), gettext("Copy"), () => copyText(text), { class: "ai-icon-button ai-code-copy" }),
  );
}

function highlight(text, language) {
  const { keywords, comment } = language === "sql" ? SQL : PYTHON;
  const token = new RegExp(
    `(?<comment>${comment})|(?<string>[fbr]{0,2}(?:'(?:[^'\\\\\\n]|\\\\.|'')*'|"(?:[^"\\\\\\n]|\\\\.)*"))|(?<number>\\$?\\b\\d[\\d.]*\\b)|(?<word>[A-Za-z_]\\w*)`,
    "g",
  );
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const between = text.slice(end, match.index);
    // A long chain of calls breaks before the dot of a call.
    const called = language === "python" && between.endsWith(".") && text[match.index + match[0].length] === "(";
    pieces.push(called ? [between.slice(0, -1), h("wbr"), "."] : between);
    pieces.push(coloured(match.groups, keywords, language));
    end = match.index + match[0].length;
  }
  pieces.push(text.slice(end));
  return pieces;
}

function coloured({ comment, string, number, word }, keywords, language) {
  if (comment) return h("span", { class: "ai-tok-comment" }, comment);
  // A quoted name of SQL is no string: it stays quiet.
  if (string) return language === "sql" && string.startsWith('"') ? string : h("span", { class: "ai-tok-string" }, string);
  if (number) return h("span", { class: "ai-tok-number" }, number);
  return keywords.test(word) ? h("span", { class: "ai-tok-keyword" }, word) : word;
}

const CLAUSE = /^(?:FROM|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT|OFFSET|UNION|INTERSECT|EXCEPT|(?:LEFT OUTER|LEFT|INNER|CROSS) JOIN|AND|OR)\b/;

/** New lines before the clauses of each query, indented by its parentheses; strings stay whole. */
export function breakClauses(sql) {
  if (sql.includes("\n")) return sql;
  const open = [];
  let out = "";
  for (let at = 0; at < sql.length; ) {
    const rest = sql.slice(at);
    const quoted = /^(?:'(?:[^']|'')*'|"(?:[^"]|"")*")/.exec(rest);
    if (quoted) {
      out += quoted[0];
      at += quoted[0].length;
      continue;
    }
    const character = sql[at];
    if (character === "(") open.push(/^\(\s*SELECT\b/.test(rest));
    if (character === ")") open.pop();
    const inQuery = open.length === 0 || open[open.length - 1];
    const depth = open.filter(Boolean).length;
    const clause = character === " " && inQuery ? CLAUSE.exec(rest.trimStart()) : null;
    if (clause && !insideBetween(out, clause[0])) {
      const logical = clause[0] === "AND" || clause[0] === "OR";
      out += `\n${"  ".repeat(depth + (logical ? 1 : 0))}`;
    } else {
      out += character;
    }
    at += 1;
  }
  return out;
}

function insideBetween(before, clause) {
  if (clause !== "AND") return false;
  const between = before.lastIndexOf(" BETWEEN ");
  return between >= 0 && !before.slice(between).includes(" AND ");
}
