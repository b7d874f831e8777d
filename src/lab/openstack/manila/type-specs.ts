import type { LabResponse } from '../http-server.ts';
import { isRecord } from '../python.ts';
import { accepted, ok, type ManilaCall, type ManilaRoute } from './call.ts';
import { badRequest, forbidden, notFound, type ManilaFault } from './errors.ts';
import { specsToAdd } from './extra-specs.ts';
import type { ShareType } from './state.ts';

const BASE = '/types/{type_id}/extra_specs';

export const typeSpecRoutes: ManilaRoute[] = [
  { method: 'GET', path: BASE, handler: list, admin: true },
  { method: 'POST', path: BASE, handler: add, admin: true },
  { method: 'GET', path: `${BASE}/{key}`, handler: show, admin: true },
  { method: 'PUT', path: `${BASE}/{key}`, handler: put, admin: true },
  { method: 'DELETE', path: `${BASE}/{key}`, handler: remove, admin: true },
];

function find(call: ManilaCall): ShareType {
  const id = call.param('type_id');
  const type = call.state.types.get(id);
  if (!type) throw notFound(`Share type ${id} could not be found.`);
  return type;
}

/** The router takes `.json` and `.xml` off the end of every path: keys that end so cannot be reached. */
function key(call: ManilaCall): string {
  return call.param('key').replace(/\.(json|xml)$/, '');
}

function list(call: ManilaCall): LabResponse {
  return ok({ extra_specs: find(call).extraSpecs });
}

/** The answer repeats the request, not what is stored; only a list of zones is shown as it is stored. */
function add(call: ManilaCall): LabResponse {
  const given = call.entity('extra_specs');
  if (!given) throw badRequest();
  const type = find(call);
  const specs = specsToAdd(given, () => badRequest());
  if (!Object.keys(specs).every((name) => /^[\p{L}\p{N}_.:-]+$/u.test(name))) {
    throw badRequest('Key names can only contain alphanumeric characters, underscores, periods, colons and hyphens.');
  }
  Object.assign(type.extraSpecs, specs);
  const { availability_zones: zones } = specs;
  return ok({ extra_specs: { ...given, ...(zones !== undefined && { availability_zones: zones }) } });
}

function show(call: ManilaCall): LabResponse {
  const name = key(call);
  const value = find(call).extraSpecs[name];
  if (value === undefined) throw notFound();
  return ok({ [name]: value });
}

function put(call: ManilaCall): LabResponse {
  const given = isRecord(call.body) ? call.body : {};
  if (Object.keys(given).length === 0) throw badRequest('Request body empty');
  const type = find(call);
  const name = key(call);
  if (!(name in given)) throw badRequest('Request body and URI mismatch');
  if (Object.keys(given).length > 1) throw badRequest('Request body contains too many items');
  const noBoolean = (key: string, value: string): ManilaFault =>
    badRequest(`Invalid extra_spec: Invalid boolean extra spec ${key} : ${value}.`);
  Object.assign(type.extraSpecs, specsToAdd(given, noBoolean));
  return ok(given);
}

function remove(call: ManilaCall): LabResponse {
  const type = find(call);
  const name = key(call);
  const kept = name === 'driver_handles_share_servers' || (name === 'snapshot_support' && !call.since(24));
  if (kept) throw forbidden(`Extra spec '${name}' can't be deleted.`);
  if (type.extraSpecs[name] === undefined) {
    throw notFound(`Share Type ${type.id} has no extra specs with key ${name}.`);
  }
  type.extraSpecs = Object.fromEntries(Object.entries(type.extraSpecs).filter(([known]) => known !== name));
  return accepted;
}
