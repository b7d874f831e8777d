import { CliError } from '../core/errors.ts';
import { Findings } from './findings.ts';

/**
 * Ends the run for a file that is wrong, but looks before at what its sound parts ask for, so that everything that
 * stands in the way is told together.
 * @param invalid what is wrong with the file.
 * @param look only looks.
 * @throws CliError always.
 */
export async function refuseFile(invalid: CliError, look: () => Promise<unknown>): Promise<never> {
  const findings = new Findings();
  for (const fault of invalid.errors) findings.refuse(fault);
  try {
    await look();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    for (const one of error.code === 'refused' ? error.errors : [error]) findings.refuse(one);
    findings.throwIfRefused();
  }
  throw invalid;
}
