import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { couldNotRun, errnoOf } from '../core/errors.ts';
import { FaultPlan } from './faults.ts';
import { type LabKubernetes, startKubernetes } from './kubernetes/index.ts';
import { type LabOpenStack, startOpenStack } from './openstack/index.ts';
import { Recorder } from './recorder.ts';

export interface LabOptions {
  /** Folder of the lab: clouds.yaml, kubeconfig, the shares' contents. It is made if it is not there. */
  folder: string;
  /** How many nodes the cluster has. */
  nodes: number;
  /** Faults on purpose, as {@link FaultPlan} reads them. */
  faults: readonly string[];
  /** The same seed and the same requests meet the same faults. */
  seed: number;
  /** Ports on 127.0.0.1; 0 is any free one. */
  ports: { keystone: number; manila: number; kubernetes: number };
  /** Newest microversion of Manila is 2.N. */
  newestMicroversion?: number | undefined;
  /** File to which each distinct request is appended as a line of JSON. */
  record?: string | undefined;
}

/** An embedded cloud and cluster, running. */
export interface Lab {
  openstack: LabOpenStack;
  kubernetes: LabKubernetes;
  faults: FaultPlan;
  /** Variables that select the lab for this program, kubectl and openstack. */
  env: Record<string, string>;
  /** Ends every process, connection and listener. */
  stop(): Promise<void>;
}

/**
 * Starts Keystone, Manila and Kubernetes in this process, on free ports of loopback.
 * @throws CliError `usage` (exit 2) for a fault that is not known, `port-taken` (exit 3).
 */
export async function startLab(options: LabOptions): Promise<Lab> {
  const { folder, nodes, ports } = options;
  const faults = new FaultPlan(options.faults, { seed: options.seed });
  const recorder = new Recorder({ file: options.record });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const openstack = await taken(
    startOpenStack({
      faults,
      recorder,
      keystonePort: ports.keystone,
      manilaPort: ports.manila,
      ...(options.newestMicroversion !== undefined && { newestMicroversion: options.newestMicroversion }),
    }),
  );
  try {
    const kubernetes = await taken(startKubernetes({ folder, nodes, faults, recorder, port: ports.kubernetes }));
    const cloudsFile = join(folder, 'clouds.yaml');
    await writeFile(cloudsFile, openstack.cloudsYaml(), { mode: 0o600 });
    return {
      openstack,
      kubernetes,
      faults,
      env: { KUBECONFIG: kubernetes.kubeconfig, OS_CLIENT_CONFIG_FILE: cloudsFile, OS_CLOUD: 'admin' },
      stop: async () => {
        await kubernetes.stop();
        await openstack.close();
      },
    };
  } catch (error) {
    await openstack.close();
    throw error;
  }
}

async function taken<T>(start: Promise<T>): Promise<T> {
  try {
    return await start;
  } catch (error) {
    if (errnoOf(error) !== 'EADDRINUSE') throw error;
    const { port } = error as { port?: number };
    throw couldNotRun('port-taken', `port ${port ?? 'wanted'} of 127.0.0.1 is in use by another program`, {
      remedy: 'choose another, or leave the flag out: any free port is taken then',
      cause: error,
    });
  }
}
