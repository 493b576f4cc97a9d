/** SQL: whether a moment lies in the time in which the identifier of a row of core.node means that node (rule I13). */
export const inTimeOf = (node: string, moment: string): string =>
  `(${node}.since IS NULL OR ${moment} >= ${node}.since) AND (${node}.until IS NULL OR ${moment} < ${node}.until)`;

/** SQL: whether that time is over, so that the identifier is somebody else's now. */
export const isOver = (node: string): string => `coalesce(${node}.until <= clock_timestamp(), false)`;
