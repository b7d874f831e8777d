import type { Context } from '../../core/context.ts';
import type { CommandResult } from '../../core/result.ts';
import { ShareTypesResource } from '../../resources/share-types.ts';
import { keepInCloud } from '../keep-in-cloud.ts';

export interface ShareTypeApplyOptions {
  adopt?: boolean;
  prune?: boolean;
  force?: boolean;
}

/** The share types of the file. */
export async function run(ctx: Context, options: ShareTypeApplyOptions): Promise<CommandResult<'change-set'>> {
  return keepInCloud(ctx, (parts) => {
    // What is missing from the sound part of a faulty file may be in the other.
    const prune = options.prune === true && !parts.loaded.invalid;
    return new ShareTypesResource(ctx, { ...parts, ...options, prune });
  });
}
