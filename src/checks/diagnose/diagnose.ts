import { CAUSES, WAITING } from './registry.ts';
import { saidAt } from './said.ts';
import type { Cause, ClaimDiagnosis, Facts, Said, Verdict } from './types.ts';

/** So much evidence is shown beside the one that counted. */
const SHOWN = 4;

interface Found extends Verdict, Pick<Cause, 'id' | 'stage'> {}

/** The one cause that fits what was found. Pure. */
export function diagnose(facts: Facts, notLookedAt: readonly string[]): ClaimDiagnosis {
  const { claim, volume, manila, pods, name, namespace } = facts;
  const found = isHealthy(facts) ? undefined : firstCause(facts);
  const storageClass = claim.spec.storageClassName;
  const shareId = manila?.share.id ?? volume?.spec.csi?.volumeHandle;
  return {
    name,
    namespace,
    phase: claim.status?.phase ?? 'Pending',
    ...(storageClass ? { storageClass } : {}),
    ...(volume ? { volume: volume.metadata.name } : {}),
    ...(shareId === undefined ? {} : { shareId }),
    ...verdictOf(facts, found),
    evidence: found ? evidenceOf(facts, found.evidence) : [],
    pods: pods.map(({ name: pod, node, phase }) => ({ name: pod, ...(node === undefined ? {} : { node }), phase })),
    notLookedAt: [...notLookedAt],
  };
}

function firstCause(facts: Facts): Found | undefined {
  for (const cause of CAUSES) {
    const verdict = cause.find(facts);
    if (verdict) return { id: cause.id, stage: cause.stage, ...verdict };
  }
  return undefined;
}

function verdictOf(facts: Facts, found: Found | undefined): Pick<ClaimDiagnosis, 'verdict' | 'cause'> {
  if (isHealthy(facts)) return { verdict: 'healthy' };
  if (found) {
    const { id, stage, summary, remedy } = found;
    return { verdict: WAITING.has(id) ? 'waiting' : 'broken', cause: { id, stage, summary, remedy } };
  }
  const { stuckPod } = facts;
  const bound = facts.claim.status?.phase === 'Bound';
  const summary = bound
    ? `pod ${stuckPod?.name ?? ''} is ${stuckPod?.phase ?? ''}, and nothing has gone wrong about its volume so far`
    : 'the provisioner is at work on it, and nothing has gone wrong so far';
  const remedy = 'look again in half a minute';
  return { verdict: 'waiting', cause: { id: 'in-progress', stage: bound ? 'pod' : 'provisioning', summary, remedy } };
}

/** Bound, all pods run, and the share is what it should be. */
function isHealthy({ claim, volume, stuckPod, manila, shareMissing }: Facts): boolean {
  const share = manila === undefined || manila.share.status === 'available';
  return claim.status?.phase === 'Bound' && volume !== undefined && !stuckPod && !shareMissing && share;
}

/** What the cause was recognised by, then what else was said, then the share's side. */
function evidenceOf(facts: Facts, own: readonly Said[] = []): ClaimDiagnosis['evidence'] {
  const { manila } = facts;
  const bound = facts.claim.status?.phase === 'Bound';
  const all = [...own, ...saidAt(facts, bound ? 'mounting' : 'provisioning').slice(0, SHOWN), ...shareEvidence(facts)];
  const seen = new Set<string>();
  const messages = (manila?.messages ?? []).map(({ message }) => ({ source: 'message of Manila', text: message }));
  return [...all, ...messages.slice(0, SHOWN)].flatMap(({ source, text }) => {
    // The same sentence about another try is the same.
    const key = text.replaceAll(/req-[0-9a-f-]{36}|[0-9a-f]{8}-[0-9a-f-]{27}/g, '');
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ source, text }];
  });
}

function shareEvidence({ manila, claim }: Facts): ClaimDiagnosis['evidence'] {
  if (!manila) return [];
  const { share, rules, locations } = manila;
  const status = { source: 'share', text: `${share.id} is ${share.status}` };
  if (claim.status?.phase !== 'Bound') return [status];
  return [
    status,
    {
      source: 'access rules',
      text: rules.map(({ to, level, state }) => `${to} ${level} ${state}`).join(', ') || 'none',
    },
    ...locations.slice(0, 1).map(({ path }) => ({ source: 'export location', text: path })),
  ];
}
