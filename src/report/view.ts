import type { ResultKind } from '../core/result.ts';
import type { ResultKinds } from './kinds.ts';
import type { Style } from './style.ts';

/** How a person sees one kind of result. JSON and YAML need no view: they are the data itself. */
export interface View<K extends ResultKind> {
  /** The whole document for `-o table`, without a final newline. */
  table(data: ResultKinds[K], style: Style): string;
  /** One name a line for `-o name`; kinds that list nothing have none. */
  names?(data: ResultKinds[K]): string[];
}
