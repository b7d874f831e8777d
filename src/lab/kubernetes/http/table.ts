import { type JsonObject, at, text } from '../json.ts';
import { type KubeObject, asJson } from '../objects.ts';
import type { PrinterColumn } from '../registry/custom.ts';
import type { Resource } from '../registry/resource.ts';
import { type Printer, NAME, age } from './columns.ts';
import { PRINTERS } from './printers/index.ts';

/** metav1.Table of these objects, as `kubectl get` asks for it. */
export function tableOf(
  resource: Resource,
  objects: readonly KubeObject[],
  metadata: JsonObject,
  withHeaders = true,
): JsonObject {
  const printer = printerOf(resource);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withHeaders
      ? printer.columns.map(({ name, type, format = '', priority = 0 }) => ({
          name,
          type,
          format: format || (name === 'Name' ? 'name' : ''),
          description: '',
          priority,
        }))
      : null,
    rows: objects.map((object) => ({
      cells: printer.cells(object),
      object: {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: object.metadata as unknown as JsonObject,
      },
    })),
  };
}

const PLAIN: Printer = {
  columns: [NAME, { name: 'Created At', type: 'date' }],
  cells: (object) => [object.metadata.name, object.metadata.creationTimestamp ?? ''],
};

function printerOf(resource: Resource): Printer {
  if (resource.custom) return customPrinter(resource.custom.columns);
  return PRINTERS[resource.bucket] ?? PLAIN;
}

function customPrinter(columns: readonly PrinterColumn[]): Printer {
  const shown = columns.length > 0 ? columns : [{ name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }];
  return {
    columns: [
      NAME,
      ...shown.map(({ name, type, priority, format }) => ({
        name,
        type,
        ...(priority && { priority }),
        ...(format && { format }),
      })),
    ],
    cells: (object) => [
      object.metadata.name,
      ...shown.map(({ jsonPath, type }) => {
        const value = at(asJson(object), ...jsonPath.split('.').filter((part) => part !== ''));
        if (value === undefined) return null;
        return type === 'date' ? age(text(value)) : type === 'string' ? text(value) : value;
      }),
    ],
  };
}
