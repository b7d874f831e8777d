import type { Context } from '../../core/context.ts';
import type { CommandResult } from '../../core/result.ts';
import { QuotasResource } from '../../resources/quotas.ts';
import { keepInCloud } from '../keep-in-cloud.ts';

export interface QuotaApplyOptions {
  force?: boolean;
}

/** The quotas of the file. */
export async function run(ctx: Context, { force }: QuotaApplyOptions): Promise<CommandResult<'change-set'>> {
  return keepInCloud(ctx, (parts) => new QuotasResource(ctx, { ...parts, force }));
}
