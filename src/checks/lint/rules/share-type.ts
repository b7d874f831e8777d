import { nearest } from '../../../core/nearest.ts';
import { asBoolean } from '../../../openstack/manila/capabilities.ts';
import type { ShareType } from '../../../openstack/types.ts';
import type { Fault, LintObject, LintRule } from '../types.ts';
import { parameter, protocolOf } from './parameters.ts';

/** What the driver asks for where a class names no type (shareoptions.go). */
const DEFAULT_TYPE = 'default';

const noType: LintRule = {
  id: 'no-type',
  kinds: ['StorageClass'],
  *check(object, { cloud }) {
    if ('type' in (object.parameters ?? {}) || cloud) return;
    yield fault(
      ['parameters'],
      `without the parameter type the driver asks for a share type named ${DEFAULT_TYPE}, not for the cloud’s default type`,
      'name the share type: parameters.type',
      'warning',
    );
  },
};

const shareType: LintRule = {
  id: 'share-type',
  kinds: ['StorageClass'],
  *check(object, { cloud }) {
    if (!cloud) return;
    const asked = parameter(object, 'type') ?? DEFAULT_TYPE;
    const found = findType(asked, cloud.types);
    if (!found) {
      const near = nearest(
        asked,
        cloud.types.map(({ name }) => name),
      );
      const missing =
        'type' in (object.parameters ?? {}) ? '' : ' (which the driver asks for where the class names none)';
      yield fault(
        'type' in (object.parameters ?? {}) ? ['parameters', 'type'] : ['parameters'],
        `the cloud has no share type ${JSON.stringify(asked)}${missing}`,
        near === undefined ? 'name one that exists: manila-rwx sharetype list' : `did you mean ${near}?`,
      );
      return;
    }
    if (found.name !== asked && found.id !== asked) {
      yield fault(
        ['parameters', 'type'],
        `the share type is named ${found.name}; ${asked} is found only where Manila’s database does not tell names apart by case`,
        `write ${found.name}, or its id ${found.id}`,
        'warning',
      );
    }
    yield* networkFaults(object, found);
    yield* protocolFaults(object, found);
  },
};

function findType(asked: string, types: readonly ShareType[]): ShareType | undefined {
  return (
    types.find(({ id }) => id === asked) ??
    types.find(({ name }) => name === asked) ??
    types.find(({ name }) => name.toLowerCase() === asked.toLowerCase())
  );
}

function* networkFaults(object: LintObject, { name, extraSpecs }: ShareType): Iterable<Fault> {
  const handles = asBoolean(extraSpecs.driver_handles_share_servers ?? 'false') === true;
  const network = parameter(object, 'shareNetworkID');
  if (handles && network === undefined) {
    yield fault(
      ['parameters'],
      `share type ${name} makes share servers (driver_handles_share_servers), and the class has no shareNetworkID`,
      'add shareNetworkID with the id of a share network of the drivers’ project',
    );
  }
  if (!handles && network) {
    yield fault(
      ['parameters', 'shareNetworkID'],
      `share type ${name} makes no share servers, and its back ends refuse a share network`,
      'take shareNetworkID out',
    );
  }
}

function* protocolFaults(object: LintObject, { name, extraSpecs }: ShareType): Iterable<Fault> {
  const wanted = extraSpecs.storage_protocol;
  const protocol = protocolOf(object);
  if (wanted === undefined || protocol === undefined || wanted.toUpperCase().includes(protocol)) return;
  yield fault(
    ['parameters', 'type'],
    `share type ${name} is for ${wanted} (extra spec storage_protocol), and this class is of the ${protocol} driver`,
    'name another share type, or the other driver as provisioner',
  );
}

const availabilityZone: LintRule = {
  id: 'availability-zone',
  kinds: ['StorageClass'],
  *check(object, { cloud }) {
    const zone = parameter(object, 'availability');
    if (!cloud || zone === undefined || zone === '') return;
    if (!cloud.zones.includes(zone)) {
      yield fault(
        ['parameters', 'availability'],
        `Manila has no availability zone ${JSON.stringify(zone)}`,
        `its zones are ${cloud.zones.join(', ')}`,
      );
      return;
    }
    const type = findType(parameter(object, 'type') ?? DEFAULT_TYPE, cloud.types);
    const allowed = type?.extraSpecs.availability_zones?.split(',').map((one) => one.trim());
    if (!type || !allowed || allowed.includes(zone)) return;
    yield fault(
      ['parameters', 'availability'],
      `share type ${type.name} allows the zones ${allowed.join(', ')}, and not ${zone}`,
      'name one of these zones, or another share type',
    );
  },
};

function fault(path: readonly string[], message: string, remedy: string, severity: Fault['severity'] = 'error'): Fault {
  return { severity, path, message, remedy };
}

export const SHARE_TYPE_RULES: readonly LintRule[] = [noType, shareType, availabilityZone];
