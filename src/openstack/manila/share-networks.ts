import type { ShareNetwork } from '../types.ts';
import type { ManilaApi } from './api.ts';

interface RawShareNetwork {
  id: string;
  name: string | null;
  status?: string;
  share_network_subnets?: { availability_zone: string | null }[];
}

/**
 * Share networks of one project. Administrators see those of any project; for others it has to be their own, and
 * naming it changes nothing.
 */
export async function listShareNetworks(api: ManilaApi, projectId: string): Promise<ShareNetwork[]> {
  const { body } = await api.call({
    method: 'GET',
    path: '/share-networks/detail',
    query: { project_id: projectId },
    version: api.best('2.63', '2.51', '2.7'),
  });
  return (body as { share_networks: RawShareNetwork[] }).share_networks.map(
    ({ id, name, status, share_network_subnets: subnets }) => ({
      id,
      name: name ?? '',
      status: status ?? 'active',
      // A cloud from before subnets (2.51) has one network for all zones.
      zones: subnets?.map(({ availability_zone: zone }) => zone ?? undefined) ?? [undefined],
    }),
  );
}
