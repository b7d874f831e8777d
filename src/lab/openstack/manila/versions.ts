import type { LabRequest, LabResponse } from '../http-server.ts';
import { faultResponse } from './errors.ts';

export const VERSION_HEADER = 'X-OpenStack-Manila-API-Version';
/** Microversions 2.0 to 2.73: OpenStack Zed. A lab may say that it ends earlier. */
export const MAX_VERSION = 73;

/**
 * The microversion that a request asks for; 2.0 where it asks for none. `latest` is none, and the refusals show Zed's
 * templates in place of what was asked for.
 */
export function parseVersion(
  request: LabRequest,
  newest = MAX_VERSION,
): { text: string; minor: number } | { refusal: LabResponse } {
  const header = request.headers[VERSION_HEADER.toLowerCase()];
  if (typeof header !== 'string') return { text: '2.0', minor: 0 };
  const [, major, minor] = /^([1-9]\d*)\.([1-9]\d*|0)$/.exec(header) ?? [];
  if (major === undefined) {
    const sentence = 'API Version String %(version)s is of invalid format. Must be of format MajorNum.MinorNum.';
    return { refusal: faultResponse(400, sentence) };
  }
  if (major !== '2' || Number(minor) > newest) {
    const sentence =
      'Version %(req_ver)s is not supported by the API. Minimum is %(min_ver)s and maximum is %(max_ver)s.';
    const headers = { [VERSION_HEADER]: header, Vary: VERSION_HEADER };
    return { refusal: { ...faultResponse(406, sentence), headers } };
  }
  return { text: header, minor: Number(minor) };
}

function version(request: LabRequest, number: 1 | 2, newest = MAX_VERSION): Record<string, unknown> {
  return {
    id: `v${number}.0`,
    status: number === 2 ? 'CURRENT' : 'DEPRECATED',
    version: number === 2 ? `2.${newest}` : '',
    min_version: number === 2 ? '2.0' : '',
    updated: '2015-08-27T11:33:21Z',
    links: [
      { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' },
      { rel: 'self', href: `${request.origin}/v${number}/` },
    ],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.share+json;version=1' }],
  };
}

/** Every version, to everybody. */
export function versionList(request: LabRequest, newest?: number): LabResponse {
  return { status: 300, json: { versions: [version(request, 1), version(request, 2, newest)] } };
}

export function v1Versions(request: LabRequest): LabResponse {
  return { status: 200, json: { versions: [version(request, 1)] } };
}

export function v2Versions(request: LabRequest, newest?: number): LabResponse {
  return { status: 200, json: { versions: [version(request, 2, newest)] } };
}
