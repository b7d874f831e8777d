import { createHash } from 'node:crypto';
import { uuid } from '../ids.ts';
import type { ExportLocation, ManilaState, Share } from './state.ts';

/** Where a share can be mounted from, as the drivers of its back end say it. */
export function exportLocations(state: ManilaState, share: Share): ExportLocation[] {
  if (share.proto === 'CEPHFS') {
    const suffix = createHash('md5').update(share.instanceId).digest('hex');
    const path = `10.0.0.10:6789,10.0.0.11:6789,10.0.0.12:6789:/volumes/_nogroup/${share.instanceId}/${suffix}`;
    return [location(state, path, false, false)];
  }
  const name = `share_${share.id}_${share.instanceId}`.replaceAll('-', '_');
  const folder = `/path/to/fake/share/${name}`;
  const [service, first, second] = share.serverId === null ? FIXED : serverAddresses(share.serverId);
  return [
    location(state, `${service}:${folder}`, false, true),
    location(state, `${first}:${folder}`, true, false),
    location(state, `${second}:${folder}`, false, false),
  ];
}

/** For administrators, for everybody and preferred, for everybody. */
const FIXED: readonly [string, string, string] = ['11.0.0.11', '10.0.0.10', '10.0.0.20'];

/** A share server has addresses of its own, in the networks of the back end that makes them. */
function serverAddresses(serverId: string): readonly [string, string, string] {
  const [a = 0, b = 0] = createHash('md5').update(serverId).digest();
  const host = 10 + (b % 120) * 2;
  return [`10.21.${a % 4}.${host}`, `10.20.${a % 4}.${host}`, `10.20.${a % 4}.${host + 1}`];
}

function location(state: ManilaState, path: string, preferred: boolean, adminOnly: boolean): ExportLocation {
  return { id: uuid(), path, preferred, adminOnly, createdAt: state.time.manila() };
}
