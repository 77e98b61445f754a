/** Plain where YAML certainly takes it as this very text, else in double quotes as JSON, which YAML reads too. */
export function yamlText(text: string): string {
  const isPlain = /^[A-Za-z0-9][A-Za-z0-9 _./%-]*$/.test(text) && !text.endsWith(' ');
  const isOther = /^(true|false|null|[-+.\d_]+(e[-+]?\d+)?|0[xo][\da-f]+|\.inf|\.nan)$/i.test(text);
  return isPlain && !isOther ? text : JSON.stringify(text);
}
