import type { LoadedConfig, Tenant } from '../config/types.ts';
import { durationMs } from '../core/duration.ts';
import { configError, usageError } from '../core/errors.ts';
import { type Holder, serviceUserName } from './credential-holder.ts';
import type { CredentialFacts } from './credential-secret.ts';
import type { CredentialOwner } from './credential-state.ts';

/** Flags that beat the file's `credential`. */
export interface OwnerOptions {
  project?: string;
  user?: string;
  credentialCloud?: string;
}

export type OwnerChoice = { cloud: string } | { project: string; user: string };

/** Whose the shares shall be: flags, else the file. */
export function chooseOwner({ config, path, where }: LoadedConfig, options: OwnerOptions = {}): OwnerChoice {
  const { credential } = config;
  if (options.credentialCloud !== undefined) {
    if (options.project !== undefined || options.user !== undefined) {
      throw usageError('--credential-cloud goes with neither --project nor --user: the entry has both', {
        remedy: 'leave one of them out',
      });
    }
    return { cloud: options.credentialCloud };
  }
  if (credential.cloud !== undefined && options.project === undefined) {
    if (credential.project !== undefined) {
      throw configError(
        'credential-twice',
        `${where(['credential', 'cloud'])}: credential names both a cloud, whose entry has its project, and a project`,
        { remedy: 'leave one of them out' },
      );
    }
    return { cloud: credential.cloud };
  }
  const project = options.project ?? credential.project;
  if (project !== undefined) return { project, user: options.user ?? credential.user };
  throw configError(
    'no-credential',
    path === undefined
      ? 'it is not said in which project the shares are to be: there is neither a manila-rwx.yaml nor --project'
      : `it is not said in which project the shares are to be: ${path} has no credential`,
    { remedy: 'add credential: { project: NAME } to the file, or give --project NAME' },
  );
}

/** Whose a tenant's shares shall be. */
export function tenantOwner({ project, user, cloud }: Tenant): OwnerChoice {
  return cloud === undefined ? { project: project ?? '', user } : { cloud };
}

/** The owner that a Secret's credential has already; undefined where its notes were taken away. */
export function presentOwner({ cloud, projectId, userName }: CredentialFacts): CredentialOwner | undefined {
  if (cloud !== undefined) return { kind: 'cloud', cloud };
  return projectId === '' || userName === '' ? undefined : { kind: 'service-user', project: projectId, userName };
}

/** The owner of a holder's credential. */
export function namedOwner(choice: OwnerChoice, holder: Holder): CredentialOwner {
  if ('cloud' in choice) return { kind: 'cloud', cloud: choice.cloud };
  const userName = choice.user === 'create' ? serviceUserName(holder) : choice.user;
  return { kind: 'service-user', project: choice.project, userName };
}

/** How long a credential lives, and how long before its end it is replaced. */
export function lifeOf({ config: { credential }, where }: LoadedConfig): { lifeMs: number; rotateBeforeMs: number } {
  const lifeMs = durationMs(credential.expiresIn) ?? 0;
  const rotateBeforeMs = durationMs(credential.rotateBefore) ?? 0;
  if (rotateBeforeMs < lifeMs) return { lifeMs, rotateBeforeMs };
  throw configError(
    'credential-life',
    `${where(['credential', 'rotateBefore'])}: a credential that lives ${credential.expiresIn} and is replaced ${credential.rotateBefore} before its end is replaced by every run`,
    { remedy: 'let rotateBefore be shorter than expiresIn' },
  );
}
