import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type LabKubernetes, startKubernetes } from '../../src/lab/kubernetes/index.ts';
import { kubernetesContract } from './kubernetes.contract.ts';

let lab: LabKubernetes | undefined;
let folder = '';

kubernetesContract(
  async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-kubernetes-'));
    const started = await startKubernetes({ folder });
    lab = started;
    return { kubeconfig: started.kubeconfig };
  },
  () => lab?.compact(),
);

afterAll(async () => {
  await lab?.stop();
  await rm(folder, { recursive: true, force: true });
});
