import { mkdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { expect } from 'vitest';
import { Recorder } from '../../src/lab/recorder.ts';

/**
 * Has every lab of a test file write down what it was asked and how it answered, for scripts/contract-gap.mjs, where
 * `LAB_RECORD` names a folder: the contract suite in `asserted`, all others in `seen`, a file each. Tests of the lab
 * itself ask for what the program never does, and are left out.
 */
const folder = process.env.LAB_RECORD;
const test = relative(join(import.meta.dirname, '..'), expect.getState().testPath ?? '').split(sep);
// Files may share a process.
Recorder.file = undefined;
if (folder !== undefined && !(test[0] === 'unit' && test[1] === 'lab')) {
  const part = join(folder, test[0] === 'contract' ? 'asserted' : 'seen');
  mkdirSync(part, { recursive: true });
  Recorder.file = join(part, `${test.join('.')}.jsonl`);
}

/** For a test that starts a lab as a process of its own. */
export function recordEnv(): Record<string, string> {
  return Recorder.file === undefined ? {} : { MANILA_RWX_LAB_RECORD: Recorder.file };
}
