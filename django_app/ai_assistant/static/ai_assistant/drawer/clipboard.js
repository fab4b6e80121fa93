import { announce } from "./a11y.js";
import { gettext } from "./i18n.js";

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    announce(gettext("Copied"));
  } catch {
    // No clipboard without a secure origin: the old way needs a field of its own.
    announce(copyBySelection(text) ? gettext("Copied") : gettext("Copying is not possible here"));
  }
}

function copyBySelection(text) {
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.className = "ai-sr";
  field.value = text;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  before?.focus();
  return copied;
}
