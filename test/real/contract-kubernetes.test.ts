import { kubernetesContract } from '../contract/kubernetes.contract.ts';
import { describeReal } from '../support/real.ts';

describeReal('contract', ({ env }) => {
  kubernetesContract(async () => ({ kubeconfig: env['KUBECONFIG'] ?? '' }));
});
