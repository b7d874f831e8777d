import type { Cluster } from '../cluster.ts';
import { at } from '../json.ts';
import { type KubeObject, type LabelSelector, asJson, timestamp } from '../objects.ts';
import { labelSelectorTest } from '../store/selectors.ts';
import { amount, isActive, isReady } from './pods.ts';

const MANAGER = 'kube-controller-manager';

/** Says in a disruption budget how many of its pods may be evicted now. */
export function reconcileBudget(cluster: Cluster, budget: KubeObject): void {
  const spec = at(asJson(budget), 'spec');
  const selects = labelSelectorTest(at(spec, 'selector') as LabelSelector | undefined);
  const pods = cluster
    .list('Pod', budget.metadata.namespace)
    .filter((pod) => selects(pod.metadata.labels) && isActive(pod));
  const least = at(spec, 'minAvailable') as number | string | undefined;
  const most = at(spec, 'maxUnavailable') as number | string | undefined;
  const expected = pods.length;
  const desired = least === undefined ? expected - amount(most ?? 0, expected, true) : amount(least, expected, true);
  const current = pods.filter(isReady).length;
  const allowed = Math.max(0, current - Math.max(0, desired));
  cluster.edit(
    'PodDisruptionBudget',
    budget,
    MANAGER,
    (copy) => {
      const before = at(asJson(copy), 'status', 'disruptionsAllowed');
      const wasAllowed = typeof before === 'number' && before > 0;
      const known = at(asJson(copy), 'status', 'conditions');
      const condition = {
        type: 'DisruptionAllowed',
        status: allowed > 0 ? 'True' : 'False',
        observedGeneration: budget.metadata.generation ?? 1,
        lastTransitionTime: timestamp(),
        reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
        message: '',
      };
      const isSame = wasAllowed === allowed > 0 && Array.isArray(known);
      asJson(copy).status = {
        observedGeneration: budget.metadata.generation ?? 1,
        disruptionsAllowed: allowed,
        currentHealthy: current,
        desiredHealthy: Math.max(0, desired),
        expectedPods: expected,
        conditions: isSame ? known : [condition],
      };
    },
    'status',
  );
}
