/** Whether a file is a diagram in nwdiag's language, by its name. */
export const isDiagFile = (file: string): boolean => /\.(diag|nwdiag)$/i.test(file);
