import { CliError, messageOf } from '../../core/errors.ts';
import type { Manila } from '../../openstack/manila.ts';
import { isManilaDriver } from '../../drivers/names.ts';
import type { Claim, ShareFacts, Volume } from './types.ts';

/**
 * The share of the volume; for a claim that is not bound, what the driver made of it so far, by its name.
 * `missing` where Manila has none of the volume's id; a sentence where it could not be asked.
 */
export async function readShare(
  manila: Manila,
  claim: Claim,
  volume: Volume | undefined,
): Promise<{ facts?: ShareFacts; missing?: boolean; failure?: string }> {
  const csi = volume?.spec.csi;
  if (volume && (!csi || !isManilaDriver(csi.driver))) return {};
  try {
    const share = csi
      ? await manila.getShare(csi.volumeHandle)
      : (await manila.listShares({ name: `pvc-${claim.metadata.uid ?? ''}` }))[0];
    if (!share) return { missing: csi !== undefined };
    const [messages, rules, locations] = await Promise.all([
      manila.messages({ resourceId: share.id }),
      manila.listAccessRules(share.id),
      share.status === 'available' ? manila.exportLocations(share.id) : [],
    ]);
    return { facts: { share, messages, rules, locations } };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { failure: messageOf(error) };
  }
}
