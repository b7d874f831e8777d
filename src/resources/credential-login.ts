import type { Context } from '../core/context.ts';
import type { KubeClient, KubeObject } from '../kube/types.ts';
import { DRIVER_SECRET_NAME } from '../drivers/names.ts';
import { KeystoneSession } from '../openstack/session.ts';
import { type HeldCredential, readCredentialSecret } from './credential-secret.ts';
import { type CredentialReport, reportOf } from './credentials.ts';

/** The drivers' credential as it is in the cluster. */
export interface InstalledCredential {
  report: CredentialReport;
  /** Logs in as the drivers do: with what the Secret holds, and nothing else. The caller closes it. */
  session: KeystoneSession;
}

/** Reads the drivers' Secret; undefined where there is none, or none with an application credential. */
export async function readInstalledCredential(
  ctx: Context,
  kube: KubeClient,
  namespace: string,
): Promise<InstalledCredential | undefined> {
  const secret = await kube.get({ apiVersion: 'v1', kind: 'Secret', name: DRIVER_SECRET_NAME, namespace });
  const held = secret && readCredentialSecret(secret);
  if (!held) return undefined;
  return loginOf(ctx, secret, held);
}

/** A login with what a Secret holds. Nothing is sent yet; the caller closes it. */
export function loginOf(ctx: Context, { metadata }: KubeObject, held: HeldCredential): InstalledCredential {
  ctx.secrets.add(held.secret);
  const { data, facts } = held;
  const session = new KeystoneSession(
    ctx,
    {
      source: `Secret ${metadata.namespace ?? ''}/${metadata.name}`,
      authUrl: data['os-authURL'] ?? '',
      auth: { method: 'application-credential', id: facts.credentialId, secret: held.secret },
      region: data['os-region'],
      interface: interfaceOf(data['os-endpointType']),
      caPem: data['os-certAuthority'],
      certPem: undefined,
      keyPem: undefined,
      insecure: data['os-TLSInsecure'] === 'true',
      answerMs: undefined,
      manilaOverride: undefined,
    },
    { cached: false },
  );
  return { report: reportOf(facts), session };
}

function interfaceOf(name: string | undefined): 'public' | 'internal' | 'admin' {
  return name === 'internal' || name === 'admin' ? name : 'public';
}
