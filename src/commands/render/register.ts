import { Option } from 'commander';
import type { Registrar } from '../../cli.ts';

export function registerRender({ root, handle }: Registrar): void {
  handle(
    root
      .command('render')
      .description('print what install would apply, for GitOps; Secrets are left out')
      .option('--to <folder>', 'write a file for each object, and a kustomization, instead of printing')
      .option('--cluster-id <id>', 'UID of the namespace kube-system: the cluster is then not asked for anything')
      .option('--driver-version <version>', 'version of Manila CSI (default: what is installed, or the newest)')
      .option('--registry <host/path>', 'registry to pull from instead of the images’ own')
      .addOption(
        new Option('--snapshots <mode>', 'VolumeSnapshots: what is there, what is missing too, or none').choices([
          'auto',
          'install',
          'off',
        ]),
      )
      .addOption(
        new Option('--format <format>', 'manifests, or values for the charts of upstream')
          .choices(['manifests', 'helm-values'])
          .default('manifests'),
      )
      .option('--list-images', 'only the images, to copy them to a registry of one’s own'),
    () => import('./render.ts'),
  );
}
