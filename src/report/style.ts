import { Chalk, type ChalkInstance } from 'chalk';
import type { Env } from '../core/context.ts';
import type { Output } from '../core/io.ts';

export interface Style {
  chalk: ChalkInstance;
  /** Columns of the terminal; undefined where the output is not one: nothing is cut then. */
  width: number | undefined;
  /** More than is needed at a glance: `-v`. */
  verbose: boolean;
}

/** May colour be written to this stream? NO_COLOR, FORCE_COLOR, TERM=dumb and the stream itself decide. */
export function wantsColour(stream: Output, env: Env, flag: boolean): boolean {
  if (!flag || (env.NO_COLOR !== undefined && env.NO_COLOR !== '')) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return stream.isTTY === true && env.TERM !== 'dumb';
}

export function styleFor(stream: Output, colour: boolean, verbose = false): Style {
  return { chalk: new Chalk({ level: colour ? 1 : 0 }), width: stream.isTTY ? stream.columns : undefined, verbose };
}
