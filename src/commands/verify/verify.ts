import { resolve } from 'node:path';
import { DEFAULT_IMAGE } from '../../checks/pods.ts';
import { bytesOf } from '../../checks/quantity.ts';
import { VERIFY_CHECKS } from '../../checks/registry.ts';
import { exitCodeOf, type VerifyReport } from '../../checks/report.ts';
import { parseNodeWish } from '../../checks/nodes.ts';
import { runVerify, type VerifyInput } from '../../checks/run.ts';
import { selectChecks } from '../../checks/selection.ts';
import type { Context } from '../../core/context.ts';
import { CliError, usageError } from '../../core/errors.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { connectKube } from '../../kube/client.ts';
import type { KubeClient } from '../../kube/types.ts';
import { cleanUpOnly } from './cleanup-only.ts';
import { mustBeWritable, writeJunit } from './junit-file.ts';
import { manilaIfThere } from './manila.ts';

export interface VerifyFlags {
  storageClass?: string;
  nodes?: string;
  requireNodes: string;
  size: string;
  image?: string;
  runAs?: string;
  expectFstype?: string;
  check?: string[];
  skip?: string[];
  keep?: boolean;
  cleanupOnly?: boolean | string;
  junit?: string;
  listImages?: boolean;
}

/** Proves that pods on several nodes share a volume of a StorageClass, and that nothing is left of it afterwards. */
export async function run(
  ctx: Context,
  flags: VerifyFlags,
): Promise<CommandResult<'verify' | 'verify-cleanup' | 'image-list'>> {
  if (flags.listImages)
    return result('image-list', { images: [{ image: flags.image ?? DEFAULT_IMAGE, use: 'verify' }] });
  if (ctx.global.dryRun !== 'none') {
    throw usageError('verify knows no --dry-run: it proves by making a volume and removing it', {
      remedy: 'leave --dry-run out; everything that a run makes has its id in the label manila-rwx/run',
    });
  }
  const junit = flags.junit === undefined ? undefined : resolve(ctx.cwd, flags.junit);
  if (junit !== undefined) await mustBeWritable(junit);
  try {
    const input = inputOf(flags);
    const kube = await connectKube(ctx);
    try {
      if (flags.cleanupOnly !== undefined) return await cleanUpOnly(ctx, kube, flags.cleanupOnly);
      const report = await verify(ctx, kube, input);
      if (junit !== undefined) await writeJunit(ctx, junit, report);
      return finish(ctx, report);
    } finally {
      kube.close();
    }
  } catch (error) {
    // A pipeline reads the file whatever happened: also when the run could not begin.
    if (junit !== undefined && !(error instanceof CliError && error.result)) await writeJunit(ctx, junit, error);
    throw error;
  }
}

async function verify(ctx: Context, kube: KubeClient, input: VerifyInput): Promise<VerifyReport> {
  const asked = selectChecks(VERIFY_CHECKS, input.selection).some(({ id }) => id === 'D6b');
  const manila = asked ? manilaIfThere(ctx) : Promise.resolve({ shares: 'Manila is not asked without D6b' });
  try {
    return await runVerify(
      ctx,
      kube,
      manila.then(({ shares }) => shares),
      input,
    );
  } finally {
    await manila.then(({ close }: { close?: () => void }) => close?.()).catch(() => undefined);
  }
}

/** A run that was interrupted ends as an error that carries what it found until then. */
function finish(ctx: Context, report: VerifyReport): CommandResult<'verify'> {
  if (!ctx.signal.aborted) return result('verify', report, exitCodeOf(report));
  const { leftovers, run: id } = report;
  throw new CliError({
    code: leftovers.length > 0 ? 'left-behind' : 'interrupted',
    exitCode: ExitCode.Interrupted,
    message:
      leftovers.length > 0
        ? `left behind: ${leftovers.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`
        : 'interrupted',
    ...(leftovers.length > 0 ? { remedy: `remove it with: manila-rwx verify --cleanup-only ${id}` } : {}),
    result: result('verify', report),
  });
}

function inputOf(flags: VerifyFlags): VerifyInput {
  const { size, image = DEFAULT_IMAGE } = flags;
  if (bytesOf(size) === undefined || bytesOf(size) === 0) {
    throw usageError(`--size ${JSON.stringify(size)} is not a size`, { remedy: 'write 1Gi or 500Mi' });
  }
  const selection = {
    ...(flags.check === undefined ? {} : { only: flags.check }),
    ...(flags.skip === undefined ? {} : { skip: flags.skip }),
  };
  selectChecks(VERIFY_CHECKS, selection);
  return {
    storageClass: flags.storageClass,
    nodes: parseNodeWish(flags.nodes),
    requireNodes: wholeNumber('--require-nodes', flags.requireNodes, 1),
    size,
    image,
    runAs: flags.runAs === undefined ? undefined : wholeNumber('--run-as', flags.runAs, 1),
    expectFstype: flags.expectFstype,
    selection,
    keep: flags.keep === true,
  };
}

function wholeNumber(flag: string, text: string, least: number): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw usageError(`${flag} ${JSON.stringify(text)} is not a whole number from ${least} on`);
}
