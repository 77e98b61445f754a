/** The page of a view. */
export interface ViewPage {
  readonly title: string;
  readonly script: string;
  readonly style: string;
  /** Where a view may load from: `webview.cspSource`. */
  readonly source: string;
  readonly nonce: string;
  /** Where pictures may come from; nowhere, if it is not given. */
  readonly images?: string;
}

/** Nothing but its script and style, which come from files; there is nothing that a view may connect to. */
export const viewHtml = ({ title, script, style, source, nonce, images }: ViewPage): string => `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source};${images ? ` img-src ${images};` : ''}">
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
