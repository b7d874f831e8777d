import { didYouMean, nearest } from '../../../core/nearest.ts';
import {
  CLASS_PARAMETERS,
  PROVISIONER_KEYS,
  type ShareProtocol,
  SIDECAR_PREFIX,
  SNAPSHOTTER_KEYS,
} from '../../../drivers/class-parameters.ts';
import type { Fault, LintObject, LintRule } from '../types.ts';

/** The parameters that are text, which is all that the API server takes. */
export function textParameters({ parameters }: LintObject): [key: string, value: string][] {
  return Object.entries(parameters ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
}

export function parameter(object: LintObject, key: string): string | undefined {
  const value = object.parameters?.[key];
  return typeof value === 'string' ? value : undefined;
}

/** The driver's protocol by its name; undefined for an install whose name does not tell (plain manifests, OpenShift). */
export function protocolOf({ provisioner, driver }: LintObject): ShareProtocol | undefined {
  const [first] = (provisioner ?? driver ?? '').split('.');
  return first === 'nfs' ? 'NFS' : first === 'cephfs' ? 'CEPHFS' : undefined;
}

const unknownParameter: LintRule = {
  id: 'unknown-parameter',
  kinds: ['StorageClass', 'VolumeSnapshotClass'],
  *check(object) {
    const isClass = object.kind === 'StorageClass';
    const own = isClass ? Object.keys(CLASS_PARAMETERS) : [];
    const sidecars = isClass ? PROVISIONER_KEYS : SNAPSHOTTER_KEYS;
    for (const key of Object.keys(object.parameters ?? {})) {
      const path = ['parameters', key];
      if (key.startsWith(SIDECAR_PREFIX)) {
        if (sidecars.includes(key)) continue;
        yield {
          severity: 'error',
          path,
          atKey: true,
          message: `the ${isClass ? 'provisioner' : 'snapshotter'} refuses the unknown parameter ${key}`,
          remedy: remedyFor(key, sidecars),
        };
      } else if (!own.includes(key)) yield unknownToTheDriver(key, own, isClass);
    }
  },
};

function unknownToTheDriver(key: string, own: readonly string[], isClass: boolean): Fault {
  const meant = nearest(key, own);
  return {
    severity: meant === undefined ? 'warning' : 'error',
    path: ['parameters', key],
    atKey: true,
    message: isClass
      ? `the driver does not know the parameter ${key} and passes over it${didYouMean(key, own)}`
      : `Manila CSI has no parameters for snapshots and passes over ${key}`,
    remedy: remedyFor(key, own),
  };
}

function remedyFor(key: string, known: readonly string[]): string {
  // The prefix is alike in all of them and would make any two look near.
  const short = (text: string): string => (text.startsWith(SIDECAR_PREFIX) ? text.slice(SIDECAR_PREFIX.length) : text);
  const near = nearest(short(key), known.map(short));
  const meant = known.find((one) => short(one) === near);
  return meant === undefined ? 'take it out' : `write ${meant}`;
}

const notText: LintRule = {
  id: 'not-text',
  kinds: ['StorageClass', 'VolumeSnapshotClass'],
  *check({ parameters }) {
    for (const [key, value] of Object.entries(parameters ?? {})) {
      if (typeof value === 'string') continue;
      yield {
        severity: 'error',
        path: ['parameters', key],
        message: `the API server takes text only, and the value of ${key} is ${value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`}`,
        remedy: 'write it in quotes',
      };
    }
  },
};

const emptyParameter: LintRule = {
  id: 'empty-parameter',
  kinds: ['StorageClass'],
  *check(object) {
    for (const [key, value] of textParameters(object)) {
      if (value !== '' || !(key in CLASS_PARAMETERS)) continue;
      yield {
        severity: 'error',
        path: ['parameters', key],
        message: `the driver refuses an empty ${key}: parameter '${key}' cannot be empty`,
        remedy: 'give it a value, or take it out',
      };
    }
  },
};

const badValue: LintRule = {
  id: 'bad-value',
  kinds: ['StorageClass'],
  *check(object) {
    for (const [key, value] of textParameters(object)) {
      const { values, valuesText = '' } = CLASS_PARAMETERS[key] ?? {};
      if (!values || value === '' || values.test(value)) continue;
      yield {
        severity: 'error',
        path: ['parameters', key],
        message: `${key} is ${JSON.stringify(value)}, and the driver takes ${valuesText}`,
        remedy: `write ${valuesText}`,
      };
    }
    yield* idsOf(object);
    yield* metadataOf(object);
  },
};

const UUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** Parameters that Manila wants as ids: it answers `nope is not a valid uuid` or 404 to names. */
function* idsOf(object: LintObject): Iterable<Fault> {
  for (const key of ['shareNetworkID', 'groupID', 'affinity', 'antiAffinity']) {
    const value = parameter(object, key) ?? '';
    const wrong = value === '' ? [] : value.split(',').filter((id) => !UUID.test(id));
    if (wrong.length === 0) continue;
    yield {
      severity: 'error',
      path: ['parameters', key],
      message: `${key} has ${wrong.map((id) => JSON.stringify(id)).join(', ')}, which is no id: Manila takes no names and no blanks here`,
      remedy: key === 'shareNetworkID' ? 'write the id: openstack share network list' : 'write the ids, without blanks',
    };
  }
}

/** Written by the driver itself; the class cannot set them (prepareShareMetadata). */
const OWN_METADATA = ['csi.storage.k8s.io/pvc/name', 'csi.storage.k8s.io/pvc/namespace', 'csi.storage.k8s.io/pv/name'];

function* metadataOf(object: LintObject): Iterable<Fault> {
  const text = parameter(object, 'appendShareMetadata');
  if (text === undefined || text === '') return;
  const path = ['parameters', 'appendShareMetadata'];
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  const entries = isObject ? Object.entries(parsed as object) : [];
  if (!isObject || entries.some(([, value]) => typeof value !== 'string')) {
    yield {
      severity: 'error',
      path,
      message: 'appendShareMetadata must be a JSON object whose values are all text',
      remedy: `write it as '{"key": "value"}'`,
    };
    return;
  }
  const taken = entries.map(([key]) => key).filter((key) => OWN_METADATA.includes(key));
  if (taken.length === 0) return;
  yield {
    severity: 'warning',
    path,
    message: `the driver writes ${taken.join(', ')} itself; what the class says of it has no effect`,
    remedy: 'take these keys out',
  };
}

const noEffect: LintRule = {
  id: 'no-effect',
  kinds: ['StorageClass'],
  *check(object) {
    const protocol = protocolOf(object);
    for (const key of Object.keys(object.parameters ?? {})) {
      const known = CLASS_PARAMETERS[key];
      const other = known?.protocol !== undefined && protocol !== undefined && known.protocol !== protocol;
      const why =
        known?.ignored ??
        (other
          ? `only the ${known.protocol ?? ''} driver looks at it, and this class is of the ${protocol} driver`
          : '');
      if (why === '') continue;
      yield {
        severity: 'warning',
        path: ['parameters', key],
        atKey: true,
        message: `${key} has no effect: ${why}`,
        remedy: 'take it out',
      };
    }
    if (parameter(object, 'autoTopology')?.toLowerCase() !== 'true') return;
    const path = ['parameters', 'autoTopology'];
    if (parameter(object, 'availability')) {
      yield {
        severity: 'warning',
        path,
        message: 'autoTopology has no effect where availability is set',
        remedy: 'keep one of the two',
      };
    } else if (object.volumeBindingMode !== 'WaitForFirstConsumer') {
      yield {
        severity: 'error',
        path,
        message:
          'autoTopology takes the zone of the pod’s node, and with volumeBindingMode Immediate there is no pod yet',
        remedy: 'write volumeBindingMode: WaitForFirstConsumer',
      };
    }
  },
};

export const PARAMETER_RULES: readonly LintRule[] = [unknownParameter, notText, emptyParameter, badValue, noEffect];
