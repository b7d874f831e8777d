import { stringify } from 'yaml';

/** One YAML document as `kubectl apply -f` and `helm -f` take it. The same object is always the same bytes. */
export function yamlDocument(document: object, comment = ''): string {
  // No aliases, which not every reader of manifests knows, and no folded lines.
  const text = stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
  return `${comment === '' ? '' : `# ${comment}\n`}${text}`;
}
