import { FIELD_MANAGER } from '../kube/client.ts';
import { drift } from '../kube/drift.ts';
import type { KubeObject } from '../kube/types.ts';
import type { User } from '../openstack/identity-admin.ts';
import type { Change, Planned } from '../reconcile/change.ts';
import { secretNameOf } from './credential-holder.ts';
import { credentialSecret } from './credential-secret.ts';
import type { CredentialOptions, CredentialState, OldCredential } from './credential-state.ts';
import { prepared } from './kube-objects.ts';

export type CredentialOp =
  | { do: 'nothing' }
  | { do: 'user' }
  | { do: 'role' }
  /** Makes the application credential and writes the Secret: a run that stops in between leaves nothing. */
  | { do: 'make' }
  /** `stray` are keys that somebody has added, with which the driver would refuse the Secret. */
  | { do: 'secret'; object: KubeObject; stray: string[] }
  | { do: 'revoke'; credential: OldCredential }
  | { do: 'remove-user'; user: User };

type Plan = Planned<CredentialOp>[];
type Place = Pick<CredentialOptions, 'namespace' | 'tenant'>;

/** What becomes of the credential. Pure. */
export function planCredential(state: CredentialState, place: Place): Plan {
  return [...(state.kept ? planKept(state, state.kept, place) : planNew(state, place)), ...planOld(state)];
}

/** The credential stays; the Secret may still have to follow a new address or CA of the cloud. */
function planKept(state: CredentialState, kept: NonNullable<CredentialState['kept']>, place: Place): Plan {
  const { facts, secret } = kept;
  const object = prepared(credentialSecret(place, state.connection, secret, facts));
  const stray = strayKeys(object, state.secret);
  const fields = [
    ...(state.secret ? drift(FIELD_MANAGER, object, state.secret) : []),
    ...stray.map((key) => ({ path: `data.${key}`, before: '(set by hand)' })),
  ];
  const reason =
    facts.expiresAt === undefined
      ? 'never ends'
      : `valid until ${new Date(facts.expiresAt).toISOString().slice(0, 10)}`;
  return [
    unchanged('ApplicationCredential', facts.credentialName, { reason }),
    fields.length === 0
      ? unchanged('Secret', secretName(place))
      : { change: change('Secret', secretName(place), 'update', { fields }), op: { do: 'secret', object, stray } },
  ];
}

/** Keys of the login that the Secret should not have: with two kinds of login in it, Manila CSI refuses it. */
export function strayKeys(wanted: KubeObject, live: KubeObject | undefined): string[] {
  const keys = Object.keys(live?.data ?? {});
  return keys.filter((key) => key.startsWith('os-') && !(key in (wanted.data as object)));
}

function planNew(state: CredentialState, place: Place): Plan {
  const { serviceUser, project, userName, secret, moves } = state;
  const reason = moves ? `shares will be made in project ${project.name} from now on` : state.reason;
  const plan: Plan = [];
  if (serviceUser && !serviceUser.user) {
    plan.push({ change: change('User', serviceUser.name, 'create'), op: { do: 'user' } });
  }
  if (serviceUser && !serviceUser.hasRole) {
    const name = `${serviceUser.role.name} of ${serviceUser.name} on ${project.name}`;
    plan.push({ change: change('RoleAssignment', name, 'create'), op: { do: 'role' } });
  }
  const name = `${userName} on ${project.name}`;
  plan.push({
    change: secret
      ? change('ApplicationCredential', name, 'replace', { destructive: moves, ...(reason && { reason }) })
      : change('ApplicationCredential', name, 'create'),
    op: { do: 'make' },
  });
  plan.push({
    change: secret
      ? change('Secret', secretName(place), 'update', { reason: 'new credential' })
      : change('Secret', secretName(place), 'create'),
    // Written together with the credential.
    op: { do: 'nothing' },
  });
  return plan;
}

function planOld({ old, oldUser, kept }: CredentialState): Plan {
  const reason = kept ? 'left by a run that was stopped' : 'no longer used';
  const plan: Plan = old.map((credential) => ({
    change: change('ApplicationCredential', credential.name, 'delete', { reason }),
    op: { do: 'revoke', credential },
  }));
  if (oldUser) {
    plan.push({ change: change('User', oldUser.name, 'delete', { reason }), op: { do: 'remove-user', user: oldUser } });
  }
  return plan;
}

function change(kind: string, name: string, action: Change['action'], more: Partial<Change> = {}): Change {
  return { kind, name, action, fields: [], destructive: false, ...more };
}

function unchanged(kind: string, name: string, more: Partial<Change> = {}): Planned<CredentialOp> {
  return { change: change(kind, name, 'none', more), op: { do: 'nothing' } };
}

function secretName(place: Place): string {
  return `${place.namespace}/${secretNameOf(place)}`;
}
