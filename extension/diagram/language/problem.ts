import type { Problem } from '../../lab/problem.ts';
import type { Report } from '../../lab/reading/report.ts';

/** What is wrong in a `.diag`. */
export type DiagProblemCode =
  | 'syntax'
  | 'unclosed'
  | 'unknown-block'
  | 'nesting'
  | 'no-braces'
  | 'empty-diagram'
  | 'empty-network'
  | 'self-peer'
  | 'node-in-two-groups'
  | 'node-without-network'
  | 'unknown-attribute'
  | 'unknown-class'
  | 'unknown-shape'
  | 'unknown-colour'
  | 'bad-value'
  | 'split-name'
  | 'obsolete'
  | 'no-effect'
  /** Good input on which nwdiag crashes, or which it draws wrongly. */
  | 'nwdiag-defect'
  /** PlantUML, or a fork of nwdiag, takes it; nwdiag 3 does not. */
  | 'not-nwdiag'
  /** nwdiag takes it; PlantUML, for which the file is written, does not. */
  | 'not-plantuml';

/**
 * An error: neither nwdiag 3 (with its route fork) nor PlantUML accepts the file, or nwdiag gives up and nothing sensible
 * can be drawn. Everything else is accepted, and a warning says what one of them does with it.
 */
export type DiagProblem = Problem<DiagProblemCode>;

export type DiagReport = Report<DiagProblemCode>;
