// Tells an ORM snippet from a question in words.

/** A queryset written out, or an assignment to `result`: sent as a snippet and not as a question. */
export function looksLikeCode(text) {
  return /\b[A-Z]\w*\.(objects|_default_manager|_base_manager)\b/.test(text) || /^\s*result\s*=[^=]/m.test(text);
}
