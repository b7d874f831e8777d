import type { LabResponse } from '../http-server.ts';
import { ok, type ManilaCall, type ManilaRoute } from './call.ts';
import { forbidden, notFound } from './errors.ts';
import { findOwnShare } from './share-view.ts';
import type { ExportLocation, Share } from './state.ts';

const BASE = '/shares/{share_id}/export_locations';

export const exportLocationRoutes: ManilaRoute[] = [
  { method: 'GET', path: BASE, handler: list, since: 9 },
  { method: 'GET', path: `${BASE}/{export_location_id}`, handler: show, since: 9 },
];

function view(call: ManilaCall, share: Share, location: ExportLocation): Record<string, unknown> {
  return {
    id: location.id,
    path: location.path,
    ...(call.since(14) && { preferred: location.preferred }),
    ...(call.context.isAdmin && { share_instance_id: share.instanceId, is_admin_only: location.adminOnly }),
  };
}

function find(call: ManilaCall): Share {
  const id = call.param('share_id');
  return findOwnShare(call, id, `Share '${id}' not found.`);
}

function list(call: ManilaCall): LabResponse {
  const share = find(call);
  const shown = share.exportLocations.filter(({ adminOnly }) => call.context.isAdmin || !adminOnly);
  return ok({ export_locations: shown.map((location) => view(call, share, location)) });
}

function show(call: ManilaCall): LabResponse {
  const share = find(call);
  const id = call.param('export_location_id');
  const location = share.exportLocations.find((one) => one.id === id);
  if (!location) throw notFound(`Export location '${id}' not found.`);
  if (location.adminOnly && !call.context.isAdmin) throw forbidden();
  const times = { created_at: location.createdAt, updated_at: location.createdAt };
  return ok({ export_location: { ...view(call, share, location), ...times } });
}
