import { yamlDocument } from '../../core/yaml-document.ts';
import type { View } from '../view.ts';

export const manifestsView: View<'manifests'> = {
  table: ({ documents, files }) =>
    files
      ? files.join('\n')
      : documents
          .map(({ content, comment }) => yamlDocument(content, comment))
          .join('---\n')
          .trimEnd(),
};
