import { formatDuration } from '../../core/duration.ts';
import { retry } from '../../core/retry.ts';
import { KubeApiError } from '../../kube/errors.ts';
import type { KubeObject } from '../../kube/types.ts';
import { innermost, isTransient, provisioningCause } from '../causes.ts';
import type { VerifyEnv } from '../env.ts';
import { type Event, eventText, merged } from '../observed.ts';
import { claimManifest, namespaceManifest, podManifest } from '../pods.ts';
import { storedBytes } from '../quantity.ts';
import type { Check, Outcome, Running } from '../types.ts';
import { readVolume, sharesNamed, type Volume, volumeNameFor } from '../volume.ts';

/** The class, its credential, the driver and Manila together make a volume. */
export const provision: Check<VerifyEnv> = {
  id: 'A1',
  title: 'claim is bound',
  tier: 'T1',
  proves: 'a ReadWriteMany claim of the class gets a volume',
  needs: ['P0'],
  deadlineMs: ({ options }) => options.timeoutMs + 60_000,
  async run(env, running) {
    const startedAt = env.clock.now();
    await createObjects(env, running);
    running.progress('waiting for the claim to be bound');
    const ended = await env.observed().until(() => boundOrHopeless(env, running), {
      timeoutMs: env.options.timeoutMs,
      signal: running.signal,
    });
    if (ended !== 'bound') return failure(env, running, ended === undefined);
    return bound(env, running, env.clock.now() - startedAt);
  },
};

/** Claim and pods at the same time: a class may wait for the first pod, and time matters. */
async function createObjects(env: VerifyEnv, { signal }: Running): Promise<void> {
  const { kube, names, plan, options, remains, clock } = env;
  if (names.ownNamespace) {
    remains.expect('Namespace', names.namespace);
    await kube.create(namespaceManifest(names), { signal });
  }
  const pods = Array.from({ length: plan.count }, (_, index) =>
    podManifest(names, index, { ...options.pod, pinnedTo: plan.pinned?.[index] }),
  );
  const claim = claimManifest(names, { storageClass: env.storageClass.metadata.name, size: options.size });
  const create = async (object: KubeObject): Promise<void> => {
    remains.expect(object.kind === 'Pod' ? 'Pod' : 'PersistentVolumeClaim', object.metadata.name);
    await retry(() => kube.create(object, { signal }), {
      clock,
      signal,
      policy: { retries: 40, baseMs: 100, capMs: 500 },
      retryable: isNamespaceStillNew,
    });
  };
  await Promise.all([create(claim), ...pods.map(create)]);
  env.observed();
}

/** A pod is refused until controllers have given the new namespace its ServiceAccount, and OpenShift its ranges. */
function isNamespaceStillNew(error: unknown): boolean {
  if (!(error instanceof KubeApiError) || error.status !== 403) return false;
  return /serviceaccount .*not found|unable to validate against any security context constraint/i.test(error.message);
}

function boundOrHopeless({ names, observed }: VerifyEnv, { progress }: Running): 'bound' | 'hopeless' | undefined {
  const phase = observed().claims.get(names.claim)?.status?.phase;
  if (phase === 'Bound') return 'bound';
  const failures = failuresOf(observed().eventsOf('PersistentVolumeClaim', names.claim));
  const newest = failures.at(-1);
  progress(`waiting for the claim to be bound${newest ? `: ${innermost(newest.message)}` : ''}`);
  return phase === 'Lost' || merged(failures).some(isHopeless) ? 'hopeless' : undefined;
}

function failuresOf(events: Event[]): Event[] {
  return events.filter(({ type }) => type === 'Warning');
}

/**
 * Warnings are normal while Manila works: the provisioner's calls time out and are repeated. Only the same refusal
 * again and again is an end.
 */
function isHopeless({ reason, message, count, firstAt, lastAt }: Event): boolean {
  return reason === 'ProvisioningFailed' && !isTransient(message) && count >= 4 && lastAt - firstAt >= 6000;
}

async function bound(env: VerifyEnv, running: Running, tookMs: number): Promise<Outcome> {
  const { kube, names, facts, remains } = env;
  const claim = env.observed().claims.get(names.claim);
  const failures = failuresOf(env.observed().eventsOf('PersistentVolumeClaim', names.claim));
  const retries = failures.reduce((sum, { count }) => sum + count, 0);
  const volume = await readVolume(kube, claim?.spec.volumeName ?? '', running.signal);
  if (volume) {
    facts.volume = volume;
    remains.expectVolume(volume);
    await env.recordVolume(volume.share === undefined ? { pv: volume.pv } : { pv: volume.pv, share: volume.share });
    await lookForShare(env, volume);
  }
  const wrong = faultsOf(env, volume, claim?.status?.capacity?.storage ?? '');
  const after = `claim bound in ${formatDuration(tookMs)}${retries > 0 ? ` after ${retries} retries` : ''}`;
  const share = facts.shareUnseen === undefined && volume?.share !== undefined ? `: share ${volume.share}` : '';
  return {
    ...(wrong.length > 0
      ? { status: 'FAIL', code: 'wrong-volume', summary: `${after}, but ${wrong.join(' and ')}` }
      : { status: 'PASS', summary: `${after}${share}` }),
    measurements: [
      { name: 'claim-bound', value: tookMs, unit: 'ms' },
      { name: 'provisioning-retries', value: retries, unit: 'count' },
    ],
    evidence: retries > 0 ? [{ events: failures.map(eventText) }] : [],
  };
}

/** What is not as it was asked for. Without the right to see the volume, the claim's own word is taken. */
function faultsOf({ options, storageClass }: VerifyEnv, volume: Volume | undefined, claimed: string): string[] {
  const faults: string[] = [];
  const capacity = volume?.capacity ?? claimed;
  if (storedBytes(capacity) < storedBytes(options.size))
    faults.push(`its capacity is ${capacity}, not ${options.size}`);
  if (!volume) return faults;
  if (!volume.accessModes.includes('ReadWriteMany'))
    faults.push(`its access modes are ${volume.accessModes.join(', ')}`);
  if (volume.driver !== storageClass.provisioner) faults.push(`its driver is ${volume.driver || 'none'}`);
  if (volume.volumeHandle === '') faults.push('it has no volume handle');
  return faults;
}

/** Only who has seen a share can say later that it is gone: to another project's user it was never there. */
async function lookForShare({ shares, facts, remains }: VerifyEnv, { share, driver }: Volume): Promise<void> {
  if (share === undefined) facts.shareUnseen = `${driver} is no driver of Manila`;
  else if (typeof shares === 'string') facts.shareUnseen = shares;
  else if (!(await shares.getShare(share))) {
    facts.shareUnseen = `this OpenStack login does not see share ${share}: it is another project's`;
    remains.forgetShares();
  }
}

async function failure(env: VerifyEnv, { signal }: Running, late: boolean): Promise<Outcome> {
  const { names, options, storageClass } = env;
  const events = env.observed().eventsOf('PersistentVolumeClaim', names.claim);
  const newest = failuresOf(events).at(-1);
  const inManila = await erroredShare(env, signal);
  const when = late ? ` within ${formatDuration(options.timeoutMs)}` : '';
  const why =
    inManila?.text ??
    (newest
      ? innermost(newest.message)
      : events.length > 0
        ? eventText(events.at(-1) ?? ({} as Event))
        : `no event at all: no provisioner of ${storageClass.provisioner} is at work`);
  const cause = provisioningCause(`${newest?.message ?? ''} ${inManila?.text ?? ''}`);
  return {
    status: 'FAIL',
    code: cause?.code ?? 'not-bound',
    summary: `the claim was not bound${when}: ${why}`,
    remedy: cause?.remedy ?? 'see whether the driver’s controller runs: `manila-rwx status`',
    evidence: [{ events: events.map(eventText) }],
  };
}

/** The share that the driver asked for, where Manila could not make it, with Manila's own words. */
async function erroredShare({ names, observed, shares }: VerifyEnv, signal: AbortSignal) {
  const uid = observed().claims.get(names.claim)?.metadata.uid;
  if (typeof shares === 'string' || uid === undefined || signal.aborted) return undefined;
  const found = await sharesNamed(shares, volumeNameFor(uid)).catch(() => []);
  const broken = found.find(({ status }) => status.startsWith('error'));
  if (!broken) return undefined;
  const [message] = await shares.messages({ resourceId: broken.id }).catch(() => []);
  return { text: `share ${broken.id} is in state ${broken.status}${message ? `: ${message.message}` : ''}` };
}
