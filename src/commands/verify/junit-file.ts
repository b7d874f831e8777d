import { access, constants, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Context } from '../../core/context.ts';
import { CliError, configError, messageOf } from '../../core/errors.ts';
import type { VerifyReport } from '../../checks/report.ts';
import { junitOf, junitOfError } from '../../report/junit.ts';

const REMEDY = 'name a file in a folder that exists and that you may write to with --junit';

/** @throws CliError `cannot-write` (exit 2), before a run of which nothing could be kept. */
export async function mustBeWritable(path: string): Promise<void> {
  await access(dirname(path), constants.W_OK).catch((error: unknown) => {
    throw configError('cannot-write', `cannot write ${path}: ${messageOf(error)}`, { remedy: REMEDY, cause: error });
  });
}

/**
 * Writes the result of a run, or the error that kept it from beginning, as JUnit XML. The file is there whole or not.
 * @throws CliError `cannot-write` (exit 2), carrying the result of the run where there is one.
 */
export async function writeJunit(ctx: Context, path: string, outcome: unknown): Promise<void> {
  const text = isReport(outcome) ? junitOf(outcome) : junitOfError(messageOf(outcome), remedyOf(outcome));
  try {
    await writeFile(`${path}.new`, ctx.secrets.clean(text));
    await rename(`${path}.new`, path);
  } catch (error) {
    throw configError('cannot-write', `cannot write ${path}: ${messageOf(error)}`, {
      remedy: REMEDY,
      cause: error,
      ...(isReport(outcome) ? { result: { kind: 'verify', data: outcome } } : {}),
    });
  }
}

function isReport(outcome: unknown): outcome is VerifyReport {
  return !(outcome instanceof Error);
}

function remedyOf(error: unknown): string | undefined {
  return error instanceof CliError ? error.remedy : undefined;
}
