import type { Registrar } from '../../cli.ts';

export function registerVerify({ root, handle }: Registrar): void {
  const verify = root
    .command('verify')
    .description('one ReadWriteMany volume, a pod on each of several nodes: do they share it?')
    .option('--storage-class <name>', 'StorageClass of the volume (default: the one of a Manila driver)')
    .option('--nodes <all|N|LIST>', 'nodes that take part: all, a number, or names with commas (default: up to 3)')
    .option('--require-nodes <n>', 'fail unless so many nodes take part', '2')
    .option('--size <quantity>', 'size of the volume', '1Gi')
    .option('--image <image>', 'image of the pods; it must have the applets of busybox')
    .option('--run-as <uid>', 'user of the pods (default: 1000, on OpenShift what the namespace has)')
    .option('--expect-fstype <type>', 'the mount is this file system, which is none of the known network ones')
    .option('--check <ids>', "only these checks and what they need, such as B1 or 'B*'", collect)
    .option('--skip <ids>', 'not these checks', collect)
    .option('--keep', 'leave everything in place')
    .option('--cleanup-only [run]', 'remove what earlier runs left: those that are over, or this one')
    .option('--junit <file>', 'also write the result as JUnit XML')
    .option('--list-images', 'print the images that the pods use');
  handle(verify, () => import('./verify.ts'));
}

/** `--check B1,B2 --check 'D*'`: both ways to name several. */
function collect(text: string, before: string[] = []): string[] {
  return [...before, ...text.split(',').map((id) => id.trim())];
}
