import { isDefault } from '../resources/storage-classes/class.ts';
import type { CloudFacts } from './cloud-facts.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import type { Settled } from './interview.ts';
import { questionRow } from './question-table.ts';

/** What was found at the cloud, in a line or two. */
export function cloudLines({
  source,
  identity,
  manila,
  types,
  pools,
  regions,
  isKeystoneAdmin,
  limits,
}: CloudFacts): string[] {
  const { user, project, roles } = identity;
  const who = [
    source,
    `  user ${user.name}${project ? ` on project ${project.name}` : ''} (${roles.join(', ') || 'no roles'})`,
  ];
  if (!manila) return [...who, `  Manila is in several regions: ${regions.join(', ')}`];
  const backEnds = pools && new Set(pools.map(({ backend }) => backend)).size;
  const rights = [
    backEnds === undefined ? 'share types are an administrator’s' : count(backEnds, 'back end'),
    isKeystoneAdmin ? '' : 'no right to make users',
  ].filter(Boolean);
  const { maxTotalShares: most, totalSharesUsed: used } = limits;
  const quota = most === undefined || most < 0 || used === undefined ? '' : `, ${used} of ${most} shares used`;
  return [
    ...who,
    `  Manila ${manila.microversions.max}, ${count(types.length, 'share type')}, ${rights.join(', ')}${quota}`,
  ];
}

/** What was found in the cluster, in a line or two. */
export function clusterLines(facts: ClusterFacts): string[] {
  const { kube, version, distribution, nodes, classes, snapshots, installed, foreign, unreadable, isAdmin } = facts;
  const standard = classes?.find(isDefault)?.metadata.name;
  const parts = [
    `Kubernetes ${version}${distribution ? ` (${distribution})` : ''}`,
    nodes && count(nodes.length, 'node'),
    installed ? `the drivers are in ${installed.namespace}` : foreign ? '' : 'no Manila driver',
    classes && (standard === undefined ? 'no default class' : `default class ${standard}`),
    snapshots ? 'snapshots' : 'no snapshots',
  ].filter(Boolean);
  return [
    `cluster ${facts.context} at ${kube.server}`,
    `  ${parts.join(', ')}`,
    ...(foreign === undefined ? [] : [`  ${foreign}`]),
    ...(unreadable.length > 0 ? [`  this user may not read ${unreadable.join(', ')}: what hangs on it is asked`] : []),
    ...(isAdmin || unreadable.length > 0
      ? []
      : ['  this user is no administrator of the cluster: it may not install the drivers']),
  ];
}

/** An answer that nobody had to give, and why. */
export function settledLine({ id, answer, because }: Settled): string {
  const { flag } = questionRow(id);
  const text = typeof answer === 'string' ? answer : answer.join(', ');
  return `  ${flag.replace(/^--(os-)?/, '').replaceAll('-', ' ')}: ${text || 'the OS_* variables'} (${because})`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
