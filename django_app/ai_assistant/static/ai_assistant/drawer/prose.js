// Our own sentences and the compiler's: text in which `backticks` mark code.

import { h } from "./dom.js";

/** A fragment as a sentence: "counts users" as "Counts users." */
export function sentence(text) {
  if (!text) return "";
  const begun = text[0].toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

export function prose(text) {
  return text.split(/`([^`\n]+)`/).map((piece, index) => (index % 2 === 1 ? h("code", {}, piece) : piece));
}
