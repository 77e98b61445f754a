/** Bash files that are part of the code: bundled as text. */
declare module '*.sh' {
  const text: string;
  export default text;
}
