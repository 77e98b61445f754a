export interface DisplayPage {
  readonly title: string;
  readonly script: string;
  readonly style: string;
  /** Where a view may load from: `webview.cspSource`. */
  readonly source: string;
  readonly nonce: string;
}

/**
 * The page of a display: nothing but its script and style, which come from files. noVNC draws mouse pointers and some
 * rectangles as `data:` images; there is nothing that it may connect to.
 */
export const displayHtml = ({ title, script, style, source, nonce }: DisplayPage): string => `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source}; img-src data:;">
    <link rel="stylesheet" href="${attribute(style)}">
    <title>${attribute(title)}</title>
  </head>
  <body>
    <script type="module" nonce="${nonce}" src="${attribute(script)}"></script>
  </body>
</html>
`;

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
