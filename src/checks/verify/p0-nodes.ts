import { type VerifyEnv } from '../env.ts';
import type { Check } from '../types.ts';
import { listed } from '../words.ts';

/** Before anything is created: are there nodes enough to prove something between nodes? */
export const nodes: Check<VerifyEnv> = {
  id: 'P0',
  title: 'nodes that can take a pod',
  tier: 'T0',
  proves: 'enough nodes can take a pod',
  needs: [],
  deadlineMs: () => 5000,
  async run({ plan, options: { requireNodes } }) {
    const skipped = plan.skipped.map(({ name, reason }) => `${name} is ${reason}`);
    const without = skipped.length > 0 ? ` (${skipped.join(', ')})` : '';
    const pods = `${plan.count} ${plan.count === 1 ? 'pod' : 'pods'}`;
    if (plan.count < Math.max(1, requireNodes)) {
      return {
        status: 'FAIL',
        code: 'too-few-nodes',
        summary: `${pods} can be placed, ${Math.max(1, requireNodes)} nodes are required${without}`,
        remedy: 'add or free nodes, name others with --nodes, or lower --require-nodes',
        evidence: plan.skipped.map(({ name, reason }) => ({ node: name, output: reason })),
      };
    }
    const where = plan.pinned ? `on ${listed(plan.pinned)}` : `on ${plan.usable.length} usable nodes`;
    return { status: 'PASS', summary: `${pods} ${where}${without}` };
  },
};
