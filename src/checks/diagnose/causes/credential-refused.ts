import { SIDECAR_PREFIX } from '../../../drivers/class-parameters.ts';
import { parameterOf, sentenceCause } from '../said.ts';
import type { Facts } from '../types.ts';

const refused =
  /failed to authenticate: .*\b401\b|failed to authenticate: .*\b404\b|got 401 instead|Could not find Application Credential/;

export const credentialRefused = sentenceCause({
  id: 'credential-refused',
  stage: 'provisioning',
  pattern: refused,
  summary: (facts) =>
    `Keystone refuses the login in Secret ${secretOf(facts)}: the password or the credential is wrong, expired or deleted`,
  remedy: (facts) =>
    secretOf(facts).endsWith('/manila-rwx-credential')
      ? 'make a new credential: manila-rwx install'
      : `put a login that works into Secret ${secretOf(facts)}; the claim is tried again by itself`,
});

/** Seen where a node mounts: each mount logs in anew. */
export const credentialRefusedOnNode = sentenceCause({
  id: 'credential-refused',
  stage: 'mounting',
  pattern: refused,
  summary: ({ stuckPod }) =>
    `Keystone refuses the driver’s login on node ${stuckPod?.node ?? ''}, where each mount looks the share up`,
  remedy: () => 'make a new credential: manila-rwx install',
});

function secretOf(facts: Facts): string {
  const of = (role: string, part: string): string | undefined =>
    parameterOf(facts, `${SIDECAR_PREFIX}${role}secret-${part}`);
  const [name, namespace] = ['name', 'namespace'].map((part) => of('provisioner-', part) ?? of('', part));
  return `${namespace ?? ''}/${name ?? ''}`;
}
