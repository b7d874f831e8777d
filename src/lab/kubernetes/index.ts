import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultPlan } from '../faults.ts';
import { Recorder } from '../recorder.ts';
import { bootstrap } from './bootstrap.ts';
import { Cluster } from './cluster.ts';
import { startControllers } from './controllers/index.ts';
import { CsiDrivers } from './csi/index.ts';
import { Tokens } from './http/auth.ts';
import { Rbac } from './http/rbac.ts';
import { ApiServer } from './http/server.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { hostOf } from './kubelet/host.ts';
import { Kubelets } from './kubelet/kubelets.ts';
import { Catalog } from './registry/catalog.ts';
import { Registry } from './registry/registry.ts';
import type { SchemaFile } from './schema/node.ts';
import schemas from './schemas.json' with { type: 'json' };
import { Store } from './store/store.ts';
import { createAuthority } from './tls/certificates.ts';

export interface LabKubernetesOptions {
  /** Folder of the lab: the kubeconfig, the shares and the pods' files are in it. It is made if it is not there. */
  folder: string;
  /** Port on 127.0.0.1; 0 takes any. */
  port?: number;
  /** How many nodes; 3 unless told. */
  nodes?: number;
  faults?: FaultPlan;
  recorder?: Recorder;
}

/** A running cluster. */
export interface LabKubernetes {
  /** `https://127.0.0.1:41231` */
  server: string;
  port: number;
  /** Path of the kubeconfig. Its contexts are `lab` (may do everything) and `nobody` (may do nothing). */
  kubeconfig: string;
  /** Names of the nodes. */
  nodes: string[];
  faults: FaultPlan;
  /** Forgets which versions there were, so that watches have to begin again (410 Expired). */
  compact(): void;
  /** Ends all processes of pods, all connections and the listener. */
  stop(): Promise<void>;
}

/**
 * Starts a Kubernetes of the lab: API server, controllers and kubelets in this process, on loopback.
 * @throws the system's error where the port is taken.
 */
export async function startKubernetes(options: LabKubernetesOptions): Promise<LabKubernetes> {
  const { folder, port = 0, nodes = 3, faults = new FaultPlan() } = options;
  const recorder = options.recorder ?? new Recorder();
  await mkdir(folder, { recursive: true });
  const authority = createAuthority('manila-rwx-lab-ca');
  const store = new Store();
  const registry = new Registry(store, new Catalog(schemas as unknown as SchemaFile));
  const cluster = new Cluster(registry);
  const tokens = new Tokens();
  const kubelets = new Kubelets({ cluster, folder, faults, host: await hostOf(join(folder, 'bin')) });
  const rbac = new Rbac(store);
  const server = new ApiServer({
    registry,
    rbac,
    tokens,
    runtime: kubelets,
    tls: {
      ...authority.issueServer('kube-apiserver', ['127.0.0.1', 'localhost', '10.96.0.1', 'kubernetes']),
      ca: authority.cert,
    },
    faults,
    recorder,
  });
  const bound = await server.listen(port);
  const address = `https://127.0.0.1:${bound}`;
  const controllers = startControllers(cluster, authority.cert);
  const names = bootstrap(cluster, { nodes, port: bound, caPem: authority.cert });
  const csi = new CsiDrivers({ cluster, rbac, kubelets });
  kubelets.start(names, csi);
  const nobody = 'nobody-of-the-lab';
  tokens.add(nobody, { name: 'nobody', groups: [] });
  const kubeconfig = join(folder, 'kubeconfig');
  const text = kubeconfigText(address, authority.cert, [
    { name: 'lab', login: authority.issueClient('lab-admin', ['system:masters']) },
    { name: 'nobody', login: { token: nobody } },
  ]);
  await writeFile(kubeconfig, text, { mode: 0o600 });
  return {
    server: address,
    port: bound,
    kubeconfig,
    nodes: names,
    faults,
    compact: () => store.compact(),
    stop: async () => {
      await server.close();
      controllers.stop();
      cluster.stop();
      await kubelets.stop();
    },
  };
}
