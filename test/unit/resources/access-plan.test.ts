import { describe, expect, it } from 'vitest';
import type { AccessRule, Share } from '../../../src/openstack/types.ts';
import { MAX_RULES, planAccess, RULE_CLUSTER, type ShareAccess } from '../../../src/resources/access-sync/plan.ts';
import { planAccess as planImport } from '../../../src/resources/share-import/access.ts';

const CLUSTER = 'this-cluster';
const OURS = { [RULE_CLUSTER]: CLUSTER };
const rule = (id: string, to: string, metadata: Record<string, string> = {}, more: Partial<AccessRule> = {}) =>
  ({ id, type: 'ip', to, level: 'rw', state: 'active', metadata, ...more }) as const;
const share = (rules: AccessRule[], more: Partial<ShareAccess> = {}): ShareAccess => ({
  share: { id: 's', name: 'data', status: 'available' },
  rules,
  kept: new Set(),
  level: 'rw',
  ...more,
});
/** `+ 10.0.0.1`, `- id of the rule`; what is left alone is not in it. */
const ops = (one: ShareAccess, clients: string[]): string[] =>
  planAccess([one], clients, CLUSTER).flatMap(({ op }) =>
    op.do === 'allow' ? [`+ ${op.to} ${op.level}`] : op.do === 'deny' ? [`- ${op.ruleId}`] : [],
  );
const addresses = (count: number, net = 1): string[] => Array.from({ length: count }, (_, i) => `10.0.${net}.${i + 1}`);

describe('planAccess', () => {
  it('takes away only what this program made for this cluster', () => {
    const rules = [
      rule('ours', '10.0.0.9', OURS),
      rule('person', '10.0.0.8'),
      rule('neighbour', '10.0.0.7', { [RULE_CLUSTER]: 'another-cluster' }),
      rule('cephx', 'alice', OURS, { type: 'cephx' }),
    ];
    expect(ops(share(rules), ['10.0.0.1'])).toEqual(['+ 10.0.0.1 rw', '- ours']);
  });

  it('keeps the rule that the volume names, whatever its mark', () => {
    const rules = [rule('driver', '10.0.0.9', OURS), rule('stale', '10.0.0.8', OURS)];
    expect(ops(share(rules, { kept: new Set(['driver']) }), ['10.0.0.1'])).toEqual(['+ 10.0.0.1 rw', '- stale']);
  });

  it('changes nothing of a share that would have more than 50 rules, and fills it up to 50', () => {
    const people = addresses(10).map((to) => rule(to, to));
    expect(ops(share(people), addresses(MAX_RULES - 10, 2))).toHaveLength(40);
    const planned = planAccess([share(people)], addresses(MAX_RULES - 9, 2), CLUSTER);
    expect(planned).toMatchObject([
      { change: { action: 'none', reason: expect.stringContaining('more than 50') as string } },
    ]);
    const stale = rule('stale', '10.0.3.1', OURS);
    expect(ops(share([...people, stale]), addresses(MAX_RULES - 10, 2))).toContain('- stale');
  });

  it.each([
    ['a wider rule', [rule('a', '10.0.0.0/8')], []],
    ['the same with /32', [rule('a', '10.0.0.1/32', OURS)], []],
    ['a narrower one', [rule('a', '10.0.0.1/32')], ['+ 10.0.0.0/24 rw']],
    ['a read-only one', [rule('a', '10.0.0.0/8', {}, { level: 'ro' })], ['+ 10.0.0.0/24 rw']],
    ['one in error', [rule('a', '10.0.0.0/8', {}, { state: 'error' })], ['+ 10.0.0.0/24 rw']],
  ])('knows whether %s serves a client', (_, rules, wanted) => {
    const client = rules[0]?.to.endsWith('/32') && wanted.length === 0 ? '10.0.0.1' : '10.0.0.0/24';
    expect(ops(share(rules), [client])).toEqual(wanted);
  });

  it('leaves a client alone whose own rule is of another level', () => {
    expect(ops(share([rule('a', '10.0.0.1', {}, { level: 'ro' })]), ['10.0.0.1'])).toEqual([]);
  });

  it('gives read-only volumes read-only rules, and leaves a share alone that is not available', () => {
    expect(ops(share([], { level: 'ro' }), ['10.0.0.1'])).toEqual(['+ 10.0.0.1 ro']);
    const busy = { share: { id: 's', name: 'data', status: 'extending' } };
    expect(ops(share([rule('a', '10.0.0.9', OURS)], busy), ['10.0.0.1'])).toEqual([]);
  });
});

describe('access of a share that is imported', () => {
  const all = { id: 's', name: 'data' } as Share;

  it('counts no IPv6 rule as one that lets the nodes in', () => {
    const rules = [rule('v6', '::/0'), rule('v6-net', 'fd00::/64')];
    const wanted = { level: 'rw', nodes: ['10.0.0.1'], clients: ['0.0.0.0/0'] } as const;
    expect(planImport(all, rules, wanted)).toEqual({ found: [], missing: ['0.0.0.0/0'] });
  });
});
