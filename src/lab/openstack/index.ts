import { FaultPlan } from '../faults.ts';
import { Recorder } from '../recorder.ts';
import { serve, type LabServer, type TlsFiles } from './http-server.ts';
import { KeystoneService } from './keystone/service.ts';
import { KeystoneState } from './keystone/state.ts';
import { Tokens } from './keystone/tokens.ts';
import { BACKENDS, type Backend } from './manila/backends.ts';
import { ManilaService } from './manila/service.ts';
import { ManilaState } from './manila/state.ts';
import { seedUsers, LAB_PASSWORD, LAB_USERS, type LabUserName } from './seed.ts';
import { Timestamps } from './time.ts';

export interface LabOpenStackOptions {
  /** Port of Keystone on 127.0.0.1; any free one by default. */
  keystonePort?: number;
  /** Port of Manila on 127.0.0.1; any free one by default. */
  manilaPort?: number;
  /** Serves both over TLS with this certificate for 127.0.0.1. */
  tls?: TlsFiles;
  /** Password of all users. */
  password?: string;
  /** Life of a token in seconds; 3600 by default, as Keystone has it. */
  tokenSeconds?: number;
  /** Milliseconds that each call of Manila's storage driver takes; 50 by default. */
  delayMs?: number;
  /** Service types under which Manila is in the catalog; `sharev2` by default. An empty list leaves Manila out of it. */
  shareServiceTypes?: readonly string[];
  /**
   * What Manila calls itself when it checks access rules (`[keystone_authtoken] service_type`); `sharev2` by default.
   * Null leaves it unset, and then Manila refuses every credential with access rules.
   */
  accessRuleService?: string | null;
  /** Seconds for which Manila believes a token that it checked; 300 by default, as keystonemiddleware has it. */
  tokenCacheSeconds?: number;
  /** Back ends in place of ALPHA, BETA, GAMMA and DELTA. */
  backends?: readonly Backend[];
  /** Newest microversion of Manila is 2.N, as on an older cloud; 73 by default. */
  newestMicroversion?: number;
  /** Name of Manila's default share type; none by default. */
  defaultShareType?: string;
  region?: string;
  /** What goes wrong. */
  faults?: FaultPlan;
  recorder?: Recorder;
  /** Milliseconds since the epoch; the system's time by default. Delays are always real ones. */
  now?: () => number;
}

export interface LabOpenStack {
  /** `http://127.0.0.1:PORT/v3` */
  authUrl: string;
  /** `http://127.0.0.1:PORT/v2` */
  manilaUrl: string;
  region: string;
  password: string;
  faults: FaultPlan;
  recorder: Recorder;
  /** Direct sight of what the services hold. */
  keystone: KeystoneState;
  manila: ManilaState;
  /** Variables with which any OpenStack client logs in as one of the users. */
  env(user?: LabUserName): Record<string, string>;
  /** A clouds.yaml with one entry a user: admin, alice and bob. */
  cloudsYaml(): string;
  /** Ends every connection, frees the ports and stops what is still under way. */
  close(): Promise<void>;
}

/**
 * Starts Keystone and Manila in this process, each on a port of 127.0.0.1. Their state is in memory and gone with them.
 *
 * @throws the system's error (`EADDRINUSE`) where a port cannot be had; then neither runs.
 */
export async function startOpenStack(options: LabOpenStackOptions = {}): Promise<LabOpenStack> {
  const faults = options.faults ?? new FaultPlan();
  const recorder = options.recorder ?? new Recorder();
  const now = options.now ?? Date.now;
  const region = options.region ?? 'RegionOne';
  const password = options.password ?? LAB_PASSWORD;
  const keystone = new KeystoneState();
  const tokens = new Tokens(keystone, { now, lifeSeconds: options.tokenSeconds ?? 3600 });
  const manila = new ManilaState(
    {
      delayMs: options.delayMs ?? 50,
      backends: options.backends ?? BACKENDS,
      protocols: ['NFS', 'CIFS', 'CEPHFS'],
      defaultShareType: options.defaultShareType,
      newest: options.newestMicroversion,
      serviceType: options.accessRuleService === null ? undefined : (options.accessRuleService ?? 'sharev2'),
      tokenCacheSeconds: options.tokenCacheSeconds ?? 300,
    },
    new Timestamps(now),
  );
  const common = { tls: options.tls, faults, recorder };
  const keystoneServer = await serve(new KeystoneService(keystone, tokens), {
    ...common,
    port: options.keystonePort ?? 0,
  });
  const authUrl = `${keystoneServer.origin}/v3`;
  const manilaServer = await startManila(new ManilaService(manila, { tokens, authUrl, faults }), keystoneServer, {
    ...common,
    port: options.manilaPort ?? 0,
  });
  const manilaUrl = `${manilaServer.origin}/v2`;
  seedUsers(keystone, { password, region, authUrl, manilaUrl, shareTypes: options.shareServiceTypes ?? ['sharev2'] });
  const env = (user: LabUserName = 'admin'): Record<string, string> => ({
    OS_AUTH_URL: authUrl,
    OS_AUTH_TYPE: 'password',
    OS_USERNAME: user,
    OS_PASSWORD: password,
    OS_PROJECT_NAME: LAB_USERS[user],
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
    OS_REGION_NAME: region,
    OS_IDENTITY_API_VERSION: '3',
  });
  return {
    authUrl,
    manilaUrl,
    region,
    password,
    faults,
    recorder,
    keystone,
    manila,
    env,
    cloudsYaml: () => cloudsYaml(authUrl, password, region),
    close: async () => {
      manila.close();
      await Promise.all([keystoneServer.close(), manilaServer.close()]);
    },
  };
}

async function startManila(
  service: ManilaService,
  keystoneServer: LabServer,
  options: Parameters<typeof serve>[1],
): Promise<LabServer> {
  try {
    return await serve(service, options);
  } catch (error) {
    await keystoneServer.close();
    throw error;
  }
}

function cloudsYaml(authUrl: string, password: string, region: string): string {
  const entries = Object.entries(LAB_USERS).map(
    ([user, project]) => `  ${user}:
    auth_type: password
    auth:
      auth_url: ${authUrl}
      username: ${user}
      password: ${JSON.stringify(password)}
      project_name: ${project}
      user_domain_name: Default
      project_domain_name: Default
    region_name: ${region}
    interface: public
    identity_api_version: "3"
`,
  );
  return `clouds:\n${entries.join('')}`;
}
