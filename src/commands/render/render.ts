import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import type { Context } from '../../core/context.ts';
import { couldNotRun, messageOf } from '../../core/errors.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { yamlDocument } from '../../core/yaml-document.ts';
import {
  type DesiredDrivers,
  desiredDrivers,
  type DriverChoices,
  surveyFor,
  unseenCluster,
} from '../../drivers/desired.ts';
import { helmValues } from '../../drivers/helm-values.ts';
import { CONTAINERS, REPOSITORIES } from '../../drivers/images.ts';
import type { RenderedDocument } from '../../drivers/reports.ts';
import type { SnapshotMode } from '../../drivers/snapshots.ts';
import { containersOf, isWorkload } from '../../drivers/workload.ts';
import type { KubeObject } from '../../kube/types.ts';
import { withCluster } from '../with-cluster.ts';

export interface RenderOptions {
  /** Folder to write to instead of stdout. */
  to?: string;
  /** The cluster is not asked for anything. */
  clusterId?: string;
  driverVersion?: string;
  registry?: string;
  snapshots?: SnapshotMode;
  format: 'manifests' | 'helm-values';
  listImages?: boolean;
}

/** Prints what `install` would apply. Nothing is changed, and nothing secret is in it. */
export async function run(ctx: Context, options: RenderOptions): Promise<CommandResult<'manifests' | 'image-list'>> {
  const desired = await desiredObjects(ctx, options);
  const objects = [...desired.namespaceManifests, ...desired.manifests];
  if (options.listImages) return result('image-list', { images: imagesOf(objects) });
  const documents: RenderedDocument[] =
    options.format === 'helm-values'
      ? helmValues(desired)
      : objects.map((content) => ({ name: fileName(content), content }));
  const report = { release: desired.release.name, documents };
  if (options.to === undefined) return result('manifests', report);
  const files = documents.map(({ name, content, comment }) => ({ name, text: yamlDocument(content, comment) }));
  if (options.format === 'manifests') {
    const resources = files.map(({ name }) => name);
    const document = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources };
    files.push({ name: 'kustomization.yaml', text: yamlDocument(document) });
  }
  const folder = resolve(ctx.cwd, options.to);
  await writeAll(folder, files);
  return result('manifests', { ...report, files: files.map(({ name }) => join(options.to ?? '', name)) });
}

async function desiredObjects(ctx: Context, options: RenderOptions): Promise<DesiredDrivers> {
  const choices: DriverChoices = {
    version: options.driverVersion,
    snapshots: options.snapshots,
    registry: options.registry,
  };
  if (options.clusterId !== undefined) {
    const loaded = await loadConfig(ctx);
    return desiredDrivers(ctx, loaded, unseenCluster(options.clusterId, loaded), choices);
  }
  return withCluster(ctx, async (kube, loaded) =>
    desiredDrivers(ctx, loaded, await surveyFor(ctx, kube, loaded, choices), choices),
  );
}

/** `daemonset-manila-csi-nfs-node.yaml` */
function fileName({ kind, metadata }: KubeObject): string {
  return `${kind.toLowerCase()}-${metadata.name}.yaml`;
}

function imagesOf(objects: readonly KubeObject[]): { image: string; use: string }[] {
  const images = new Map<string, string>();
  for (const { spec } of objects.filter(isWorkload)) {
    for (const { name, image } of containersOf(spec.template.spec)) {
      const known = CONTAINERS[name];
      images.set(image, known === undefined ? name : (REPOSITORIES[known].split('/').at(-1) ?? name));
    }
  }
  return [...images].map(([image, use]) => ({ image, use })).sort((a, b) => a.image.localeCompare(b.image));
}

async function writeAll(folder: string, files: readonly { name: string; text: string }[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await Promise.all(files.map(({ name, text }) => writeFile(join(folder, name), text)));
  } catch (error) {
    throw couldNotRun('cannot-write', `the manifests cannot be written: ${messageOf(error)}`, {
      remedy: 'name a folder that can be written with --to',
      cause: error,
    });
  }
}
