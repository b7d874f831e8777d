import type { View } from '../view.ts';

export const versionView: View<'version'> = {
  table: ({ version, node, platform }) => `manila-rwx ${version} (Node.js ${node}, ${platform})`,
};
