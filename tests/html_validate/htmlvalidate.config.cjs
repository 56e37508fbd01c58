// What a page must hold to: every rule that html-validate recommends, and those for whole documents.
// Each exception has its reason; one without may be deleted.
module.exports = {
  root: true,
  extends: ["html-validate:recommended", "html-validate:document"],
  rules: {
    // A template's tags leave spaces at the ends of lines; no reader ever meets them.
    "no-trailing-whitespace": "off",
    // ARIA lets every list, table and group have a name (ARIA 1.2, 5.2.8.4).
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
    // HTML does not mind; Django's own templates write it so.
    "doctype-style": ["error", { style: "lowercase" }],
    // A press release has the title that it was given, however long.
    "long-title": "off",
    // Our own files need no checksum: they come from the server that the page came from.
    "require-sri": ["error", { target: "crossorigin" }],
  },
};
