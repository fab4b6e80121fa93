import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/vendor/**", "**/.venv*/**", "build*/**"] },
  js.configs.recommended,
  {
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "module",
      // gettext and its kin come from Django's JavaScript catalogue.
      globals: {
        ...globals.browser,
        gettext: "readonly",
        ngettext: "readonly",
        interpolate: "readonly",
        pgettext: "readonly",
      },
    },
    rules: {
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["django_app/**"],
    rules: {
      // The drawer builds its page from text nodes only.
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML", "write", "writeln"].map((property) => ({
          property,
          message: "build text nodes",
        })),
      ],
    },
  },
  {
    // The browser tests: Node outside, the browser inside of `page.evaluate`.
    files: ["tests/e2e/**"],
    languageOptions: { globals: { ...globals.node } },
  },
];
