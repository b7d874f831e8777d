import type { Shares } from '../../checks/volume.ts';
import { loadConfig } from '../../config/load.ts';
import type { Context } from '../../core/context.ts';
import { CliError } from '../../core/errors.ts';
import { Manila } from '../../openstack/manila.ts';
import { openSession } from '../../openstack/session.ts';

/** Nobody said which cloud: that is no fault here, as the volume can be proved without Manila. */
const NOT_CHOSEN = ['no-cloud', 'several-clouds'];

/**
 * Manila, if flags, environment or file choose a cloud; otherwise why not, in words. Its requests outlive the first
 * Ctrl-C: that a share is gone must be seen while cleaning up too.
 * @throws CliError where a cloud is chosen and the login fails: better before the run than after it.
 */
export async function manilaIfThere(ctx: Context): Promise<{ shares: Shares | string; close?: () => void }> {
  const { name, region } = (await loadConfig(ctx)).config.cloud;
  const patient: Context = { ...ctx, signal: ctx.hardSignal };
  try {
    const session = await openSession(patient, { cloud: name, region });
    return { shares: await Manila.connect(session, patient), close: () => session.close() };
  } catch (error) {
    if (error instanceof CliError && NOT_CHOSEN.includes(error.code)) {
      return { shares: `no OpenStack login: ${error.message}` };
    }
    throw error;
  }
}
