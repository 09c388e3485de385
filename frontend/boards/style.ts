// The style of boards, minified: lib/website/site.ts puts boards.css in its place. It comes with the
// scripts that need it, so the page's own style stays small.

export const STYLE = '';
