// Words and numbers in the user's language. Words come from Django's JavaScript catalogue where the
// page has loaded it; `makemessages -d djangojs` finds these calls.

let locale = document.documentElement.lang || "en";

export function setLocale(name) {
  try {
    locale = Intl.getCanonicalLocales(name)[0] ?? locale;
  } catch {
    locale = "en";
  }
}

export function gettext(text) {
  return window.gettext ? window.gettext(text) : text;
}

export function ngettext(one, many, count) {
  if (window.ngettext) return window.ngettext(one, many, count);
  return count === 1 ? one : many;
}

/** fill("%(n)s rows", { n: 3 }) */
export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** A number, or the text of one: grouped as the language does it, its own decimals kept. */
export function formatNumber(value, { grouping = true } = {}) {
  const text = String(value);
  if (!DECIMAL.test(text)) return text;
  const decimals = text.includes(".") ? text.split(".")[1].length : 0;
  if (decimals > 20) return text;
  const format = new Intl.NumberFormat(locale, {
    minimumFractionDigits: typeof value === "number" ? 0 : decimals,
    maximumFractionDigits: typeof value === "number" ? 6 : decimals,
    useGrouping: grouping,
  });
  // BigInt keeps integers beyond 2^53; other engines would round the text of a long decimal.
  if (decimals === 0) return format.format(BigInt(text));
  return text.replace(/\D/g, "").length > 15 ? text : format.format(Number(text));
}

const DATE_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** ISO text as people read it, in the admin's zone; what is not a date comes back as it is. */
export function formatDateTime(value, zone) {
  const match = DATE_TIME.exec(value);
  if (!match) return value;
  if (!match[4]) return `${match[1]} ${match[2]}`;
  const instant = new Date(value);
  if (Number.isNaN(instant.getTime())) return value;
  const parts = Object.fromEntries(
    dateParts(zone)
      .formatToParts(instant)
      .map((part) => [part.type, part.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}`;
}

function dateParts(zone) {
  const fields = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  };
  try {
    return new Intl.DateTimeFormat("en", { ...fields, timeZone: zone || undefined });
  } catch {
    return new Intl.DateTimeFormat("en", fields);
  }
}

const STEPS = [
  [60, 1, "second"],
  [3600, 60, "minute"],
  [86400, 3600, "hour"],
  [604800, 86400, "day"],
  [2629800, 604800, "week"],
  [31557600, 2629800, "month"],
  [Infinity, 31557600, "year"],
];

/** "3 minutes ago" */
export function relativeTime(iso, now = Date.now()) {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  if (Number.isNaN(seconds)) return "";
  if (Math.abs(seconds) < 45) return gettext("just now");
  const [, size, unit] = STEPS.find(([limit]) => Math.abs(seconds) < limit);
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** "12 ms", "1.4 s", "38 s" */
export function formatElapsed(milliseconds) {
  return milliseconds < 1000
    ? fill(gettext("%(ms)s ms"), { ms: formatNumber(Math.max(1, Math.round(milliseconds))) })
    : formatSeconds(milliseconds);
}

export function formatSeconds(milliseconds) {
  const seconds = milliseconds / 1000;
  const digits = seconds < 10 ? 1 : 0;
  const number = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(seconds);
  return fill(gettext("%(seconds)s s"), { seconds: number });
}
