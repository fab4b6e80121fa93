// The drawer of the AI assistant in Django's admin.
//
//   main.js       this: reads the page's configuration and puts the parts together
//   config.js     what Django says: addresses, language, links to records
//   token.js      the short-lived token;  api.js, events.js  the calls;  problems.js  their failures
//   state.js      what survives a change of page
//   drawer.js     the frame;  launcher.js, chats.js, thread.js, composer.js, welcome.js  its parts
//   answer.js     an answer: result.js, table.js, values.js, badges.js, how.js, code.js, failure.js
//   dom.js        elements and text nodes;  a11y.js, i18n.js, icons.js, clipboard.js, prose.js  help

import { createApi } from "./api.js";
import { readConfig } from "./config.js";
import { createDrawer } from "./drawer.js";
import { setLocale } from "./i18n.js";
import { createState } from "./state.js";
import { createTokenSource, findCsrfToken } from "./token.js";

const config = readConfig();
if (config) {
  setLocale(config.lang);
  const tokens = createTokenSource({
    url: config.tokenUrl,
    csrfToken: () => findCsrfToken(config.csrfCookie, config.csrfToken),
  });
  createDrawer({
    config,
    api: createApi({ base: config.apiBase, tokens }),
    state: createState(config.user),
  });
}
