import { randomBytes } from 'node:crypto';
import type { Context } from '../core/context.ts';
import { messageOf } from '../core/errors.ts';
import type { KubeClient } from './types.ts';

/** An Event about an object without a namespace. */
export interface ClusterEvent {
  about: { apiVersion: string; kind: string; name: string; uid?: string | undefined };
  type: 'Normal' | 'Warning';
  /** One word in camel case: `Created`. */
  reason: string;
  message: string;
}

/** The API server takes no more of a message. */
const MAX_MESSAGE = 1024;

/**
 * Writes an Event, as `kubectl describe` shows it. Those of objects without a namespace lie in `default`: the API
 * server allows no other. An Event that cannot be written stops nothing.
 */
export async function writeEvent(
  ctx: Context,
  kube: KubeClient,
  component: string,
  { about, type, reason, message }: ClusterEvent,
): Promise<void> {
  const now = new Date(ctx.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  try {
    await kube.create(
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `${about.name}.${randomBytes(8).toString('hex')}`, namespace: 'default' },
        involvedObject: about,
        type,
        reason,
        message: message.slice(0, MAX_MESSAGE),
        source: { component },
        reportingComponent: component,
        reportingInstance: ctx.env.HOSTNAME ?? component,
        firstTimestamp: now,
        lastTimestamp: now,
        count: 1,
      },
      { signal: ctx.signal },
    );
  } catch (error) {
    if (ctx.signal.aborted) throw error;
    ctx.io.detail(`Event ${reason} of ${about.kind} ${about.name}: ${messageOf(error)}`);
  }
}
