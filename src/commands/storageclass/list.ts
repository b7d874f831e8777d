import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { listStorageClasses } from '../../resources/storage-classes/list.ts';
import { withClouds } from './with-clouds.ts';

/** Classes of the driver beside the share types that they were made for. Reads only. */
export async function run(ctx: Context): Promise<CommandResult<'storage-class-list'>> {
  return withClouds(ctx, async ({ kube, clouds, loaded }) =>
    result('storage-class-list', await listStorageClasses(ctx, kube, clouds, loaded)),
  );
}
