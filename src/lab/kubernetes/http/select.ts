import type { KubeObject } from '../objects.ts';
import type { Resource } from '../registry/resource.ts';
import { badRequest } from '../status.ts';
import { parseFieldSelector, parseLabelSelector } from '../store/selectors.ts';

export type Selection = (object: KubeObject) => boolean;

/**
 * The objects that a request is about, by `labelSelector` and `fieldSelector`.
 * @throws ApiError 400 for a selector that cannot be read, or a field that this kind does not select by.
 */
export function selectionOf(resource: Resource, query: URLSearchParams): Selection {
  const byLabel = parseLabelSelector(query.get('labelSelector') ?? undefined);
  const terms = parseFieldSelector(query.get('fieldSelector') ?? undefined).map(({ field, value, equals }) => {
    const read = fieldReader(resource, field);
    return (object: KubeObject): boolean => (read(object) === value) === equals;
  });
  return (object) => byLabel(object.metadata.labels) && terms.every((term) => term(object));
}

function fieldReader(resource: Resource, field: string): (object: KubeObject) => string {
  if (field === 'metadata.name') return (object) => object.metadata.name;
  if (field === 'metadata.namespace') return (object) => object.metadata.namespace ?? '';
  const { fields } = resource.strategy;
  const read = fields?.[field];
  if (read) return read;
  throw badRequest(
    fields
      ? `field label not supported: ${field}`
      : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}
