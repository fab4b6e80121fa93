// What Django says about the page: the data attributes of the mount element.

const MOUNT_ID = "ai-assistant";
// Django's admin quotes these in the key of a record's address (django.contrib.admin.utils.quote).
const QUOTED = /[:/_#?;@&=+$,\x22[\]<>%\n\\]/g;

export function readConfig() {
  const mount = document.getElementById(MOUNT_ID);
  if (!mount) return null;
  const data = mount.dataset;
  return {
    mount,
    tokenUrl: data.tokenUrl,
    apiBase: (data.apiBase ?? "").replace(/\/$/, ""),
    csrfCookie: data.csrfCookie || "csrftoken",
    csrfToken: data.csrfToken ?? "",
    lang: data.lang || document.documentElement.lang || "en",
    zone: data.timeZone || data.tz || "",
    user: data.user ?? "",
    loginUrl: data.loginUrl ?? "",
    settingsUrl: data.settingsUrl ?? "",
    changeUrl: changeUrls(data.changeUrls),
  };
}

/** Answers a function (label, key) -> path of the record's page, or null. */
function changeUrls(text) {
  let templates = {};
  try {
    templates = JSON.parse(text || "{}");
  } catch {
    // No templates: records are shown without links.
  }
  return (label, key) => {
    const template = templates[label];
    if (!template || key === null || key === undefined) return null;
    const quoted = String(key).replace(
      QUOTED,
      (character) => `_${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    );
    return template.replace("__pk__", encodeURIComponent(quoted));
  };
}
