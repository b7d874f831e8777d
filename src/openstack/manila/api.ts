import type { Context } from '../../core/context.ts';
import { couldNotRun } from '../../core/errors.ts';
import { OpenStackError } from '../errors.ts';
import { MANILA_TYPES } from '../session.ts';
import type { Endpoint, ServiceRequest, ServiceResponse, Session } from '../types.ts';

export type Microversion = `2.${number}`;

/** A call, as it stands in Manila's API reference, and the lowest microversion that serves it. */
export interface ManilaCall extends Omit<ServiceRequest, 'url'> {
  /** After `/v2`, with a slash in front. */
  path: string;
  version: Microversion;
  /** What is asked for, in an error that says that the cloud is too old for it. */
  feature?: string;
}

/** Newest microversion of each release: https://docs.openstack.org/manila/latest/contributor/api-microversion-history.html */
const RELEASES: [minor: number, name: string][] = [
  [42, 'Queens'],
  [46, 'Rocky'],
  [49, 'Stein'],
  [51, 'Train'],
  [55, 'Ussuri'],
  [57, 'Victoria'],
  [63, 'Wallaby'],
  [65, 'Xena'],
  [70, 'Yoga'],
  [73, 'Zed'],
  [78, '2023.1'],
  [82, '2023.2'],
  [85, '2024.1'],
  [87, '2024.2'],
  [89, '2025.1'],
  [91, '2025.2'],
  [95, '2026.1'],
];

/** Manila's v2 API at one endpoint, with the microversions that it said it has. */
export class ManilaApi {
  readonly endpoint: Endpoint;
  readonly minVersion: Microversion;
  readonly maxVersion: Microversion;
  readonly #session: Session;
  /** `http://10.0.0.1:8786/v2`, or with the project's id at the end where the catalog has it so. */
  readonly #root: string;

  constructor(session: Session, endpoint: Endpoint, root: string, versions: { min: Microversion; max: Microversion }) {
    this.#session = session;
    this.endpoint = endpoint;
    this.#root = root;
    this.minVersion = versions.min;
    this.maxVersion = versions.max;
  }

  supports(version: Microversion): boolean {
    return minor(version) <= minor(this.maxVersion);
  }

  /** The first of these that the cloud has; the last one if it has none of them. */
  best(...versions: readonly [Microversion, ...Microversion[]]): Microversion {
    return versions.find((version) => this.supports(version)) ?? versions.at(-1) ?? versions[0];
  }

  /** Why the cloud is too old: what is needed and what it has; undefined where it is not. */
  lacks(version: Microversion): string | undefined {
    if (this.supports(version)) return undefined;
    return `needs Manila API ${version} (${releaseOf(version)}), and ${this.endpoint.url} has ${this.minVersion} to ${this.maxVersion} (${releaseOf(this.maxVersion)})`;
  }

  /** @throws CliError `microversion` (exit 3) naming the feature, what it needs and what the cloud has. */
  require(version: Microversion, feature: string): void {
    const reason = this.lacks(version);
    if (reason === undefined) return;
    throw couldNotRun('microversion', `${feature} ${reason}`, { remedy: 'leave that out, or have the cloud upgraded' });
  }

  /** One call at its microversion. @throws OpenStackError; CliError `microversion`. */
  async call({ path, version, feature, headers, ...request }: ManilaCall): Promise<ServiceResponse> {
    this.require(version, feature ?? `${request.method} ${path}`);
    const asked = minor(version) < minor(this.minVersion) ? this.minVersion : version;
    return this.#session.request({
      ...request,
      url: `${this.#root}${path}`,
      headers: { ...headers, 'x-openstack-manila-api-version': asked },
    });
  }

  /** As {@link call}; undefined where Manila answers 404. */
  async optional(call: ManilaCall): Promise<ServiceResponse | undefined> {
    try {
      return await this.call(call);
    } catch (error) {
      if (error instanceof OpenStackError && error.status === 404) return undefined;
      throw error;
    }
  }
}

export function minor(version: Microversion): number {
  return Number(version.slice(2));
}

function releaseOf(version: Microversion): string {
  return RELEASES.find(([last]) => minor(version) <= last)?.[1] ?? 'newer than 2026.1';
}

interface ApiVersion {
  id: string;
  status: string;
  version: string;
  min_version: string;
}

/**
 * Finds Manila in the catalog and asks it for its microversions.
 * @throws CliError `no-endpoint`, or `no-manila-v2` (exit 3) where only the v1 API is there.
 */
export async function discoverManila(session: Session, ctx: Context): Promise<ManilaApi> {
  const endpoint = await session.endpoint(MANILA_TYPES);
  const { prefix, project } = splitAddress(endpoint.url);
  const versions = (await versionsAt(session, `${prefix}/v2/`)) ?? (await versionsAt(session, `${prefix}/`)) ?? [];
  const v2 = versions.find(({ id, version }) => id.startsWith('v2') && version.startsWith('2.'));
  if (!v2) {
    const known = versions.map(({ id }) => id).join(', ');
    throw couldNotRun(
      'no-manila-v2',
      `${endpoint.url} (${endpoint.type}) is no Manila v2 API${known ? `: it has ${known}` : ''}`,
      { remedy: 'name the right address: shared_file_system_endpoint_override in clouds.yaml' },
    );
  }
  ctx.io.debug(`Manila at ${endpoint.url}: microversions ${v2.min_version} to ${v2.version}`);
  return new ManilaApi(session, endpoint, `${prefix}/v2${project}`, {
    min: v2.min_version as Microversion,
    max: v2.version as Microversion,
  });
}

/** `http://h/share/v2/0123` -> what is before the version, and `/0123`. A v1 address is taken for its v2. */
function splitAddress(url: string): { prefix: string; project: string } {
  const [, prefix, project] = /^(.*?)\/v\d+(?:\.\d+)?(\/[^/]+)?$/.exec(url) ?? [];
  return { prefix: prefix ?? url, project: project ?? '' };
}

/** The versions that a discovery document lists; undefined where there is none (some proxies pass only `/v2`). */
async function versionsAt(session: Session, url: string): Promise<ApiVersion[] | undefined> {
  try {
    const { body } = await session.request({ method: 'GET', url });
    return (body as { versions?: ApiVersion[] } | undefined)?.versions;
  } catch (error) {
    if (error instanceof OpenStackError && [401, 403, 404].includes(error.status)) return undefined;
    throw error;
  }
}
