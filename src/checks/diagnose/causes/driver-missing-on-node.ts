import { saidAt } from '../said.ts';
import type { Cause } from '../types.ts';

export const driverMissingOnNode: Cause = {
  id: 'driver-missing-on-node',
  stage: 'mounting',
  find: (facts) => {
    const { stuckPod, driverName, registered, driver } = facts;
    const node = stuckPod?.node;
    if (node === undefined || driverName === undefined) return undefined;
    const [newest] = saidAt(facts, 'mounting');
    const said = newest && /not found in the list of registered CSI drivers/.test(newest.text) ? newest : undefined;
    if (registered.get(node) !== false && !said) return undefined;
    const reason = driver?.nodes.find(({ name }) => name === node)?.reason;
    return {
      summary: `driver ${driverName} is not registered on node ${node}, where pod ${stuckPod?.name ?? ''} is${reason === undefined ? '' : `: ${reason}`}`,
      remedy:
        'bring the node plugin up there: manila-rwx status says what is wrong with it; the pod starts by itself then',
      evidence: said ? [said] : [],
    };
  },
};
