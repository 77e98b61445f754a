/** Whether a file is a diagram, in nwdiag's language or PlantUML's, by its name; all others are lab files. */
export const isDiagFile = (file: string): boolean => /\.(nw)?diag$|\.(p|pl|planta?)?uml$/i.test(file);
