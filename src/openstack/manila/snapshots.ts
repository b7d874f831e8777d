import type { Snapshot } from '../types.ts';
import type { ManilaApi } from './api.ts';

interface RawSnapshot {
  id: string;
  name: string | null;
  description: string | null;
  status: string;
  share_id: string;
  project_id: string;
  created_at?: string;
}

/** Servers cap pages at osapi_max_limit, 1000 unless the operator says otherwise. */
const PAGE = 500;

/** All snapshots of the own project, or of all projects; by offset, as the marker of Manila's links is ignored. */
export async function listSnapshots(
  api: ManilaApi,
  filter: { allProjects?: boolean; projectId?: string } = {},
): Promise<Snapshot[]> {
  const found = new Map<string, Snapshot>();
  for (let offset = 0; ;) {
    const { body } = await api.call({
      method: 'GET',
      path: '/snapshots/detail',
      version: '2.17',
      query: {
        all_tenants: filter.allProjects ? 1 : undefined,
        project_id: filter.projectId,
        limit: PAGE,
        offset,
        sort_key: 'id',
        sort_dir: 'asc',
      },
    });
    const { snapshots } = body as { snapshots: RawSnapshot[] };
    for (const raw of snapshots) found.set(raw.id, asSnapshot(raw));
    offset += snapshots.length;
    if (snapshots.length < PAGE) return [...found.values()];
  }
}

/** Returns whether there was one. */
export async function deleteSnapshot(api: ManilaApi, id: string): Promise<boolean> {
  return (await api.optional({ method: 'DELETE', path: `/snapshots/${id}`, version: '2.7' })) !== undefined;
}

function asSnapshot(raw: RawSnapshot): Snapshot {
  return {
    id: raw.id,
    name: raw.name ?? '',
    description: raw.description ?? '',
    status: raw.status,
    shareId: raw.share_id,
    projectId: raw.project_id,
    ...(raw.created_at ? { createdAt: raw.created_at } : {}),
  };
}
