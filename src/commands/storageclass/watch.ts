import { hostname } from 'node:os';
import type { Context } from '../../core/context.ts';
import { durationMs } from '../../core/duration.ts';
import { usageError } from '../../core/errors.ts';
import { Metrics } from '../../core/metrics.ts';
import { serveStatus } from '../../core/status-server.ts';
import { whileLeader } from '../../kube/lease.ts';
import { declareMetrics, type Following, followStorageClasses } from '../../resources/storage-classes/follow.ts';
import type { SyncOptions } from '../../resources/storage-classes/rules.ts';
import { withClouds } from './with-clouds.ts';

export interface WatchOptions {
  /** Time between two looks at Manila. */
  interval?: string;
  /** Name of a Lease in the drivers' namespace. */
  lease?: string;
  /** `HOST:PORT`. */
  metricsAddress?: string;
}

/** A round that went well makes ready for so many intervals. */
const READY_INTERVALS = 3;
const MIN_READY_MS = 60_000;

/** `storageclass sync --watch`: until it is interrupted. */
export async function watch(ctx: Context, flags: WatchOptions, options: SyncOptions): Promise<never> {
  return withClouds(ctx, async ({ kube, clouds, loaded }) => {
    const intervalMs = intervalOf(flags.interval ?? '1m');
    const metrics = new Metrics();
    declareMetrics(metrics);
    const state: Following = { succeededAt: undefined };
    let standsBy = flags.lease !== undefined;
    const notReady = (): string | undefined => {
      if (standsBy) return undefined;
      if (state.succeededAt === undefined) return 'no round was finished yet';
      const age = ctx.clock.now() - state.succeededAt;
      return age > Math.max(MIN_READY_MS, READY_INTERVALS * intervalMs)
        ? `the last round that went well was ${Math.round(age / 1000)} s ago`
        : undefined;
    };
    const server =
      flags.metricsAddress === undefined
        ? undefined
        : await serveStatus(addressOf(flags.metricsAddress), { metrics, notReady });
    if (server) ctx.io.note(`/metrics, /readyz and /healthz are on port ${server.port}`);
    const follow = async (signal: AbortSignal): Promise<void> => {
      standsBy = false;
      metrics.set('manila_rwx_sync_leader', 1);
      try {
        const how = { ...options, intervalMs, yes: ctx.global.yes, signal, metrics, state };
        await followStorageClasses(ctx, kube, clouds, loaded, how);
      } finally {
        standsBy = flags.lease !== undefined;
        metrics.set('manila_rwx_sync_leader', 0);
      }
    };
    try {
      if (flags.lease === undefined) await follow(ctx.signal);
      else {
        const namespace = ctx.global.namespace ?? loaded.config.cluster.namespace;
        const identity = ctx.env.HOSTNAME ?? hostname();
        await whileLeader(ctx, kube, { namespace, name: flags.lease, identity }, follow);
      }
    } finally {
      await server?.close();
    }
    ctx.signal.throwIfAborted();
    throw new Error('following ended by itself');
  });
}

function intervalOf(text: string): number {
  const ms = durationMs(text);
  if (ms !== undefined && ms >= 1000) return ms;
  throw usageError(`--interval: ${JSON.stringify(text)} is not a time of at least a second`, {
    remedy: 'write it as 30s or 5m',
  });
}

function addressOf(text: string): { host: string; port: number } {
  const found = /^(.*):(\d{1,5})$/.exec(text);
  if (found && Number(found[2]) < 65_536) return { host: found[1] || '0.0.0.0', port: Number(found[2]) };
  throw usageError(`--metrics-address: ${JSON.stringify(text)} is not HOST:PORT`, {
    remedy: 'write it as 127.0.0.1:9810, or :9810 for every address',
  });
}
