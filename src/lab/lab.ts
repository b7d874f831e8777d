import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
 * @throws CliError `usage` for a fault that is not known.
 */
export async function startLab(options: LabOptions): Promise<Lab> {
  const { folder, nodes } = options;
  const faults = new FaultPlan(options.faults, { seed: options.seed });
  const recorder = new Recorder({ file: options.record });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const openstack = await startOpenStack({ faults, recorder });
  try {
    const kubernetes = await startKubernetes({ folder, nodes, faults, recorder });
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
