import type { Claim, SecretReference } from '../../kinds.ts';
import { fillTemplate } from './sidecar.ts';

const PREFIX = 'csi.storage.k8s.io/';

/** Pairs of parameters that name a Secret, by what it is for. */
const ROLES = {
  provisioner: 'provisioner-secret',
  controllerPublish: 'controller-publish-secret',
  nodeStage: 'node-stage-secret',
  nodePublish: 'node-publish-secret',
  controllerExpand: 'controller-expand-secret',
  nodeExpand: 'node-expand-secret',
} as const;
export type SecretRole = keyof typeof ROLES;

const DEFAULT = 'secret';
const OTHERS = ['fstype', 'pvc/name', 'pvc/namespace', 'pv/name'];

/**
 * The Secret that a class names for a role, with the claim's name and namespace put in; undefined where it names none.
 * @throws Error in the provisioner's words where the pair is not whole.
 */
export function classSecret(
  role: SecretRole,
  parameters: Readonly<Record<string, string>>,
  volumeName: string,
  claim: Claim,
): SecretReference | undefined {
  const own = pair(parameters, ROLES[role]);
  const { name, namespace } = own.name === undefined && own.namespace === undefined ? pair(parameters, DEFAULT) : own;
  if (name === undefined && namespace === undefined) return undefined;
  if (name === undefined || namespace === undefined) {
    throw new Error(
      `failed to get name and namespace template from params: either name and namespace for ${ROLES[role]} secrets must be specified, or both must be omitted`,
    );
  }
  const places = {
    'pv.name': volumeName,
    'pvc.namespace': claim.metadata.namespace ?? '',
  };
  const annotations = Object.entries(claim.metadata.annotations ?? {}).map(([key, value]) => [
    `pvc.annotations['${key}']`,
    value,
  ]);
  return {
    namespace: resolve(namespace, places, 'namespace', namespace),
    name: resolve(
      name,
      { ...places, 'pvc.name': claim.metadata.name, ...(Object.fromEntries(annotations) as Record<string, string>) },
      'name',
      name,
    ),
  };
}

function pair(parameters: Readonly<Record<string, string>>, key: string) {
  return { name: parameters[`${PREFIX}${key}-name`], namespace: parameters[`${PREFIX}${key}-namespace`] };
}

function resolve(template: string, values: Readonly<Record<string, string>>, what: string, text: string): string {
  try {
    return fillTemplate(template, values);
  } catch (error) {
    throw new Error(`error resolving ${what} ${JSON.stringify(text)}: ${(error as Error).message}`);
  }
}

/** The class's parameters as the driver gets them: without those for the provisioner itself. */
export function driverParameters(parameters: Readonly<Record<string, string>>): Record<string, string> {
  const known = new Set(
    [...Object.values(ROLES), DEFAULT].flatMap((key) => [`${PREFIX}${key}-name`, `${PREFIX}${key}-namespace`]),
  );
  for (const key of OTHERS) known.add(PREFIX + key);
  const out: Record<string, string> = {};
  for (const [key, value] of Object.entries(parameters)) {
    if (!key.startsWith(PREFIX)) out[key] = value;
    else if (!known.has(key)) {
      throw new Error(
        `failed to strip CSI Parameters of prefixed keys: found unknown parameter key ${JSON.stringify(key)} with reserved namespace ${PREFIX}`,
      );
    }
  }
  return out;
}
