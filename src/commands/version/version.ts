import type { Context } from '../../core/context.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { VERSION } from '../../core/version.ts';

export async function run(_ctx: Context): Promise<CommandResult<'version'>> {
  return result('version', {
    version: VERSION,
    node: process.versions.node,
    platform: `${process.platform}/${process.arch}`,
  });
}
