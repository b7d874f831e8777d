import type { ResultKinds } from '../report/kinds.ts';
import type { ExitCode } from './exit-codes.ts';

export type ResultKind = keyof ResultKinds;

/**
 * What a command hands back: plain data that `report/` shows. `kind` names its shape; as JSON it is printed as
 * `{ "schema": "manila-rwx/<kind>/v1", ...data }`, described by `schemas/<kind>.v1.json`.
 */
export type CommandResult<K extends ResultKind = ResultKind> = {
  [P in K]: { kind: P; data: ResultKinds[P]; exitCode?: ExitCode };
}[K];

/** Builds a result with its kind checked against its data. */
export function result<K extends ResultKind>(kind: K, data: ResultKinds[K], exitCode?: ExitCode): CommandResult<K> {
  return { kind, data, ...(exitCode === undefined ? {} : { exitCode }) };
}
