import type { LabResponse } from '../http-server.ts';
import { byId, filtered, listOf, withLinks, type KeystoneCall, type KeystoneRoute } from './call.ts';
import { forbidden, notFound } from './errors.ts';
import type { Service, ServiceEndpoint } from './state.ts';

export const catalogRoutes: KeystoneRoute[] = [
  { method: 'GET', path: '/auth/catalog', handler: ownCatalog },
  { method: 'GET', path: '/auth/domains', handler: ownDomains },
  { method: 'GET', path: '/auth/system', handler: ownSystem },
  { method: 'GET', path: '/services', handler: listServices },
  { method: 'GET', path: '/services/{service_id}', handler: showService },
  { method: 'GET', path: '/endpoints', handler: listEndpoints },
  { method: 'GET', path: '/endpoints/{endpoint_id}', handler: showEndpoint },
  { method: 'GET', path: '/regions', handler: listRegions },
  { method: 'GET', path: '/regions/{region_id}', handler: showRegion },
];

function ownCatalog(call: KeystoneCall): LabResponse {
  const { scope } = call.caller.token;
  if (scope.kind !== 'project') throw forbidden();
  const links = { self: call.url('/auth/catalog') };
  return { status: 200, json: { catalog: call.tokens.catalog(scope), links } };
}

function ownDomains(call: KeystoneCall): LabResponse {
  const { userId } = call.caller;
  const domains = [...call.state.domains.values()].filter(
    ({ id }) => call.state.effectiveRoles(userId, { domain: id }).length > 0,
  );
  return listOf(
    call,
    'domains',
    domains.map(({ id, name, description, enabled }) =>
      withLinks(call, `/domains/${id}`, { id, name, description, enabled, tags: [], options: {} }),
    ),
  );
}

function ownSystem(call: KeystoneCall): LabResponse {
  const held = call.state.effectiveRoles(call.caller.userId, { system: 'all' }).length > 0;
  return { status: 200, json: { system: held ? [{ all: true }] : [], links: { self: call.url('/auth/system') } } };
}

function serviceView(call: KeystoneCall, { id, name, type }: Service): Record<string, unknown> {
  return withLinks(call, `/services/${id}`, { name, id, type, enabled: true });
}

function listServices(call: KeystoneCall): LabResponse {
  call.requireReader('list_services');
  const services = filtered(call.query, call.state.services.values(), {
    type: (service) => service.type,
    name: (service) => service.name,
  }).sort(byId);
  return listOf(
    call,
    'services',
    services.map((one) => serviceView(call, one)),
  );
}

function showService(call: KeystoneCall): LabResponse {
  call.requireReader('get_service');
  const service = call.state.services.get(call.param('service_id'));
  if (!service) throw notFound('service', call.param('service_id'));
  return { status: 200, json: { service: serviceView(call, service) } };
}

function endpointView(call: KeystoneCall, endpoint: ServiceEndpoint): Record<string, unknown> {
  return withLinks(call, `/endpoints/${endpoint.id}`, {
    id: endpoint.id,
    interface: endpoint.interface,
    region_id: endpoint.regionId,
    service_id: endpoint.serviceId,
    url: endpoint.url,
    enabled: true,
    region: endpoint.regionId,
  });
}

function listEndpoints(call: KeystoneCall): LabResponse {
  call.requireReader('list_endpoints');
  const endpoints = filtered(call.query, call.state.endpoints.values(), {
    interface: (endpoint) => endpoint.interface,
    service_id: (endpoint) => endpoint.serviceId,
    region_id: (endpoint) => endpoint.regionId,
  }).sort(byId);
  return listOf(
    call,
    'endpoints',
    endpoints.map((one) => endpointView(call, one)),
  );
}

function showEndpoint(call: KeystoneCall): LabResponse {
  call.requireToken();
  const endpoint = call.state.endpoints.get(call.param('endpoint_id'));
  if (!endpoint) throw notFound('endpoint', call.param('endpoint_id'));
  call.requireReader('get_endpoint');
  return { status: 200, json: { endpoint: endpointView(call, endpoint) } };
}

function regionView(
  call: KeystoneCall,
  { id, description }: { id: string; description: string },
): Record<string, unknown> {
  return withLinks(call, `/regions/${id}`, { id, description, parent_region_id: null });
}

function listRegions(call: KeystoneCall): LabResponse {
  call.requireToken();
  return listOf(
    call,
    'regions',
    [...call.state.regions.values()].sort(byId).map((one) => regionView(call, one)),
  );
}

function showRegion(call: KeystoneCall): LabResponse {
  call.requireToken();
  const region = call.state.regions.get(call.param('region_id'));
  if (!region) throw notFound('region', call.param('region_id'));
  return { status: 200, json: { region: regionView(call, region) } };
}
