import { type JsonObject, at } from '../../json.ts';
import { type CloudAnswer, type Connection, UnexpectedAnswer, cloudRequest } from './http.ts';
import { login, shareEndpoint } from './login.ts';

/** The microversion that the driver speaks: the oldest that has what it needs. */
const MICROVERSION = '2.37';

export interface CloudShare {
  id: string;
  name: string;
  status: string;
  size: number;
  share_proto: string;
  share_network_id?: string | null;
  share_group_id?: string | null;
  snapshot_id?: string | null;
  snapshot_support?: boolean;
  create_share_from_snapshot_support?: boolean;
}

export interface CloudSnapshot {
  id: string;
  name: string;
  status: string;
  share_id: string;
  size: number;
  created_at: string;
}

export interface CloudAccess {
  id: string;
  access_type: string;
  access_to: string;
  access_level: string;
  state: string;
}

export interface ExportLocation {
  path: string;
  is_admin_only?: boolean;
  preferred?: boolean;
}

/** Manila as the driver uses it: a login each time, and the calls of gophercloud. */
export class ManilaClient {
  readonly #connection: Connection;
  readonly #base: string;

  private constructor(connection: Connection, base: string) {
    this.#connection = connection;
    this.#base = base;
  }

  /**
   * Logs in with the keys of a Secret, finds Manila and checks its version.
   * @throws Error in the words of the driver's client builder.
   */
  static async connect(options: Record<string, string>): Promise<ManilaClient> {
    if (/^(1|t|true)$/i.test(options['os-useClouds'] ?? '')) {
      throw new Error('failed to read clouds.yaml: no clouds.yml file found: file does not exist');
    }
    if (options['os-certAuthorityPath'] !== undefined) {
      const path = options['os-certAuthorityPath'];
      throw new Error(
        `failed to authenticate: failed to read and parse ${path} certificate: open ${path}: no such file or directory`,
      );
    }
    const connection: Connection = {
      ca: options['os-certAuthority'],
      insecure: options['os-TLSInsecure'] === 'true',
      headers: {},
    };
    const { token, catalog } = await login(connection, options);
    const endpoint = shareEndpoint(catalog, options['os-region'], options['os-endpointType'] ?? 'public');
    if (endpoint === undefined) {
      throw new Error('failed to create manila v2 client: No suitable endpoint could be found in the service catalog.');
    }
    const headers = { 'X-Auth-Token': token, 'X-Openstack-Manila-Api-Version': MICROVERSION };
    const client = new ManilaClient({ ...connection, headers }, endpoint.replace(/\/*$/, '/'));
    await client.#checkVersion(endpoint);
    return client;
  }

  async #checkVersion(endpoint: string): Promise<void> {
    const root = `${new URL(endpoint).origin}/v2/`;
    try {
      const { body } = await cloudRequest(this.#connection, 'GET', root, [200]);
      const versions = at(body, 'versions');
      const newest = at(Array.isArray(versions) ? versions[0] : undefined, 'version');
      if (typeof newest === 'string' && older(newest, MICROVERSION)) {
        throw new Error(
          `client's microversion ${MICROVERSION} is higher than server's highest supported microversion ${newest}`,
        );
      }
    } catch (error) {
      const why =
        error instanceof UnexpectedAnswer
          ? `failed to get Manila v2 API microversions: ${error.message}`
          : (error as Error).message;
      throw new Error(`manila v2 client validation failed: ${why}`);
    }
  }

  /** undefined where there is none. */
  async shareByName(name: string): Promise<CloudShare | undefined> {
    const { body } = await this.#send('GET', `shares/detail?name=${encodeURIComponent(name)}`, [200]);
    const list = at(body, 'shares');
    const found = (Array.isArray(list) ? list : []).filter((one) => at(one, 'name') === name);
    if (found.length > 1) throw new Error(`Found ${found.length} shares matching ${name}`);
    const id = at(found[0], 'id');
    return typeof id === 'string' ? this.share(id) : undefined;
  }

  async share(id: string): Promise<CloudShare> {
    return this.#object('GET', `shares/${id}`, [200], 'share');
  }

  async createShare(share: JsonObject): Promise<CloudShare> {
    return this.#object('POST', 'shares', [200, 201], 'share', { share });
  }

  /** A share that is not there counts as deleted. */
  async deleteShare(id: string): Promise<void> {
    await this.#delete(`shares/${id}`);
  }

  async extendShare(id: string, size: number): Promise<void> {
    await this.#send('POST', `shares/${id}/action`, [202], { extend: { new_size: size } });
  }

  async accessRules(shareId: string): Promise<CloudAccess[]> {
    const { body } = await this.#send('POST', `shares/${shareId}/action`, [200], { access_list: null });
    return list<CloudAccess>(body, 'access_list');
  }

  async grantAccess(shareId: string, to: string): Promise<CloudAccess> {
    const rule = { access_type: 'ip', access_to: to, access_level: 'rw' };
    return this.#object('POST', `shares/${shareId}/action`, [200], 'access', { allow_access: rule });
  }

  async exportLocations(shareId: string): Promise<ExportLocation[]> {
    const { body } = await this.#send('GET', `shares/${shareId}/export_locations`, [200]);
    return list<ExportLocation>(body, 'export_locations');
  }

  async snapshotByName(name: string): Promise<CloudSnapshot | undefined> {
    const { body } = await this.#send('GET', `snapshots/detail?name=${encodeURIComponent(name)}`, [200]);
    const found = list<CloudSnapshot>(body, 'snapshots').find((one) => one.name === name);
    return found && this.snapshot(found.id);
  }

  async snapshot(id: string): Promise<CloudSnapshot> {
    return this.#object('GET', `snapshots/${id}`, [200], 'snapshot');
  }

  async createSnapshot(shareId: string, name: string, description: string): Promise<CloudSnapshot> {
    return this.#object('POST', 'snapshots', [202], 'snapshot', { snapshot: { share_id: shareId, name, description } });
  }

  async deleteSnapshot(id: string): Promise<void> {
    await this.#delete(`snapshots/${id}`);
  }

  /** The newest user message about a resource. */
  async lastError(resourceId: string): Promise<{ detailId: string; message: string }> {
    const query = `resource_id=${resourceId}&message_level=ERROR&limit=1&sort_key=created_at&sort_dir=desc`;
    const { body } = await this.#send('GET', `messages?${query}`, [200]);
    const [newest] = list<{ detail_id: string; user_message: string }>(body, 'messages');
    return newest
      ? { detailId: newest.detail_id, message: newest.user_message }
      : { detailId: '', message: 'unknown error' };
  }

  async #delete(path: string): Promise<void> {
    try {
      await this.#send('DELETE', path, [202, 204]);
    } catch (error) {
      if (!(error instanceof UnexpectedAnswer && error.status === 404)) throw error;
    }
  }

  async #object<T>(
    method: 'GET' | 'POST',
    path: string,
    expected: number[],
    name: string,
    json?: JsonObject,
  ): Promise<T> {
    const { body } = await this.#send(method, path, expected, json);
    return at(body, name) as T;
  }

  #send(method: 'GET' | 'POST' | 'DELETE', path: string, expected: number[], json?: JsonObject): Promise<CloudAnswer> {
    return cloudRequest(this.#connection, method, `${this.#base}${path}`, expected, json);
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof UnexpectedAnswer && error.status === 404;
}

function list<T>(body: unknown, name: string): T[] {
  const found = at(body, name);
  return Array.isArray(found) ? (found as T[]) : [];
}

function older(a: string, b: string): boolean {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor < bMajor || (aMajor === bMajor && aMinor < bMinor);
}
